import { DefaultLogger, makeTelemetryFilterString, Runtime, type LogEntry } from '@temporalio/worker';
import type { Log } from '../logging/log.js';

let isInstalled = false;

/**
 * Sets up the native part of Temporal's SDK, which a process has once: what workflows and activities say and warnings
 * of the SDK itself go to `log`, and signals to the process stay with the role, which stops its worker itself.
 */
export const installRuntime = (log: Log): void => {
  if (isInstalled) return;
  isInstalled = true;
  const isNews = newsFilter();
  Runtime.install({
    logger: new DefaultLogger('INFO', (entry) => {
      if (!isNews(entry, Date.now())) return;
      const { level, facts, message } = lineOf(entry);
      log[level](facts, message);
    }),
    telemetryOptions: {
      logging: { filter: makeTelemetryFilterString({ core: 'ERROR', other: 'ERROR' }), forward: {} },
    },
    shutdownSignals: [],
  });
};

type Entry = Pick<LogEntry, 'level' | 'message' | 'meta'>;

/**
 * Of the SDK itself only warnings are news. While Temporal is away each of its pollers warns every few seconds: one line
 * a minute is enough.
 */
export const newsFilter = () => {
  let silentUntil = 0;
  return ({ level, message, meta }: Entry, now: number): boolean => {
    if (meta?.['sdkComponent'] === 'workflow' || meta?.['sdkComponent'] === 'activity') return true;
    if (level !== 'WARN' && level !== 'ERROR') return false;
    if (!/^gRPC call .* retried \d+ times$/.test(message)) return true;
    if (now < silentUntil) return false;
    silentUntil = now + 60_000;
    return true;
  };
};

/** What may be told of an entry; of all else it is not known whether it holds personal data. */
const told = 'workflowId runId workflowType orderId activityType attempt status step code traceId'.split(' ');

type Line = Readonly<{
  level: 'trace' | 'debug' | 'info' | 'warn' | 'error';
  facts: Readonly<Record<string, unknown>>;
  message: string;
}>;

/** An entry as a line of the role's log, which keeps of an error its name, code and frames, never its message. */
export const lineOf = ({ level, message, meta = {} }: Entry): Line => {
  const { error, workflowId } = meta as Readonly<Record<string, unknown>>;
  const code = error instanceof Error && 'type' in error && typeof error.type === 'string' ? { code: error.type } : {};
  const facts = told.flatMap((key) => (meta[key] === undefined ? [] : [[key, meta[key] as unknown]]));
  return {
    level: level.toLowerCase() as Line['level'],
    facts: {
      ...orderOf(workflowId),
      ...code,
      ...(Object.fromEntries(facts) as Line['facts']),
      ...(error === undefined ? {} : { err: error }),
    },
    message: `Temporal: ${message}`,
  };
};

/** The workflows of an order are called after it. */
const orderOf = (workflowId: unknown): Readonly<{ orderId?: string }> => {
  const orderId = /^order-(?:return-)?(.+)$/.exec(String(workflowId))?.[1];
  return orderId === undefined ? {} : { orderId };
};
