import { setTimeout as pause } from 'node:timers/promises';
import type { EventStore } from '../event-store/event-store.js';
import type { Log } from '../logging/log.js';
import { listenTo } from '../postgres/listen.js';
import type { Postgres } from '../postgres/postgres.js';
import type { CheckpointTarget } from './checkpoint-target.js';
import { createCheckpoints, type Checkpoints } from './checkpoints.js';
import { followLog } from './follow-log.js';
import { whileLeading } from './leadership.js';
import { ensureAuditTables } from './log-tables.js';
import { runVerifications } from './run-verifications.js';
import type { SigningKey } from './signing-key.js';
import { verificationsChannel } from './verifications.js';

export type AuditorParts = Readonly<{
  eventStore: Pick<EventStore, 'follow' | 'readAll'>;
  postgres: Postgres;
  target: CheckpointTarget;
  key: SigningKey;
  log: Log;
}>;

export type RunningAuditor = Readonly<{
  /** Whether it keeps the log, or waits for the one that does. */
  isFollowing: () => boolean;
  /** Signs what is logged now, where it keeps the log; where another does, that one signs before long. */
  sign: () => Promise<void>;
  /** Signs what was logged, where it keeps the log. */
  stop: () => Promise<void>;
}>;

/**
 * How long an event that was logged waits to be signed, at most: until then whoever can write to both stores can still
 * change it unseen. Each time costs a line in the file, a signature, and little else.
 */
const checkpointEveryMs = 10_000;

const retryMs = 1_000;

/** Keeps the log, and verifies it when it is asked to, for ever; of several auditors one does, and the others wait. */
export const runAuditor = (parts: AuditorParts): RunningAuditor => {
  const { postgres, log } = parts;
  const stopping = new AbortController();
  let isFollowing = false;
  let leading: Checkpoints | undefined;

  const lead = async (signal: AbortSignal) => {
    await postgres.query('update audit_head set public_key = $1', [parts.key.publicPem]);
    const checkpoints = createCheckpoints(parts);
    leading = checkpoints;
    try {
      await together(signal, [
        (until) => followLog(parts, until),
        (until) => signNowAndThen(checkpoints, until, log),
        (until) => verifyWhenAsked({ ...parts, checkpoints }, until),
      ]);
    } finally {
      leading = undefined;
    }
    if (stopping.signal.aborted) await checkpoints.make();
  };

  const keepOn = async () => {
    while (!stopping.signal.aborted) {
      try {
        await ensureAuditTables(postgres);
        isFollowing = true;
        await whileLeading(postgres, stopping.signal, lead);
      } catch (error) {
        isFollowing = false;
        log.warn({ err: error }, 'the audit log cannot be kept now');
        await pause(retryMs, undefined, { signal: stopping.signal }).catch(() => undefined);
      }
    }
  };

  const keeping = keepOn();
  return {
    isFollowing: () => isFollowing,
    sign: async () => {
      await leading?.make();
    },
    stop: async () => {
      stopping.abort();
      await keeping;
    },
  };
};

/** Does everything at once, until `signal` aborts or one of them fails, and then no more. @throws what it failed with. */
const together = async (
  signal: AbortSignal,
  works: readonly ((until: AbortSignal) => Promise<void>)[],
): Promise<void> => {
  const failed = new AbortController();
  const until = AbortSignal.any([signal, failed.signal]);
  const outcomes = await Promise.allSettled(
    works.map((work) =>
      work(until).catch((error: unknown) => {
        failed.abort();
        throw error;
      }),
    ),
  );
  const failure = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failure) throw failure.reason;
};

const signNowAndThen = async (checkpoints: Checkpoints, signal: AbortSignal, log: Log): Promise<void> => {
  while (!signal.aborted) {
    try {
      await checkpoints.make();
    } catch (error) {
      // What is logged goes on being logged; the next one signs it.
      log.error({ err: error }, 'a checkpoint was not published');
    }
    await pause(checkpointEveryMs, undefined, { signal }).catch(() => undefined);
  }
};

const verifyWhenAsked = async (
  parts: AuditorParts & Readonly<{ checkpoints: Checkpoints }>,
  signal: AbortSignal,
): Promise<void> => {
  let wake: () => void = () => undefined;
  let isAsked = true;
  const ask = () => {
    isAsked = true;
    wake();
  };
  const { stop } = listenTo(parts.postgres, verificationsChannel, { onListening: ask, onNotification: ask });
  signal.addEventListener('abort', ask, { once: true });
  try {
    while (!signal.aborted) {
      if (isAsked) {
        isAsked = false;
        await runVerifications(parts, signal);
      } else await new Promise<void>((resolve) => (wake = resolve));
    }
  } finally {
    await stop();
  }
};
