import { DefaultLogger, makeTelemetryFilterString, Runtime, type LogEntry } from '@temporalio/worker';

let isInstalled = false;

/**
 * Sets up the native part of Temporal's SDK, which a process has once: warnings go to `log`, and signals to the
 * process stay with the role, which stops its worker itself.
 */
export const installRuntime = (log: (line: string) => void): void => {
  if (isInstalled) return;
  isInstalled = true;
  const isNews = newsFilter();
  Runtime.install({
    logger: new DefaultLogger('WARN', (entry) => {
      if (isNews(entry.message, Date.now())) log(lineOf(entry));
    }),
    telemetryOptions: {
      logging: { filter: makeTelemetryFilterString({ core: 'ERROR', other: 'ERROR' }), forward: {} },
    },
    shutdownSignals: [],
  });
};

/** While Temporal is away each of some twenty pollers says so every few seconds: one line a minute is enough. */
export const newsFilter = () => {
  let silentUntil = 0;
  return (message: string, now: number): boolean => {
    if (!/^gRPC call .* retried \d+ times$/.test(message)) return true;
    if (now < silentUntil) return false;
    silentUntil = now + 60_000;
    return true;
  };
};

/** Of an error its name alone: messages of activities may hold personal data. */
export const lineOf = ({ message, meta = {} }: Pick<LogEntry, 'message' | 'meta'>): string => {
  const error: unknown = meta['error'];
  const known = ['workflowId', 'activityType', 'attempt'].filter((key) => meta[key] !== undefined);
  const facts = known.map((key) => `${key} ${String(meta[key])}`);
  if (error instanceof Error) facts.push(error.name);
  return ['Temporal:', message, ...(facts.length > 0 ? [`(${facts.join(', ')})`] : [])].join(' ');
};
