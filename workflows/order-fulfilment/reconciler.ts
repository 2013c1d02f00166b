import { setTimeout as delay } from 'node:timers/promises';
import type { Registry } from 'prom-client';
import { createReconciliation, type ReconciliationParts } from './reconciliation.js';
import { addSagaMetrics } from './saga-metrics.js';

export type RunningReconciler = Readonly<{ stop: () => Promise<void> }>;

/** The first time after as long, in which the relay starts what waited for it. */
const usuallyEveryMs = 60_000;

/**
 * Compares open orders and sagas every minute, and adds what it finds to the metrics. Several processes may do it: each
 * finds the same. Whatever it needs is waited for.
 */
export const runReconciler = (
  { registry, ...parts }: ReconciliationParts & Readonly<{ registry: Registry }>,
  everyMs = usuallyEveryMs,
): RunningReconciler => {
  const stopping = new AbortController();
  const { signal } = stopping;
  const { log } = parts;
  const reconcile = createReconciliation(parts);
  const tell = addSagaMetrics(registry);

  // A pass that is under way may wait for others for longer than a process has to stop.
  const stoppedMidway = new Promise<never>((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(new Error('stopped')));
  });
  stoppedMidway.catch(() => undefined);

  const run = async () => {
    let isFailing = false;
    while (await pause(everyMs, signal)) {
      try {
        tell(await Promise.race([reconcile(signal), stoppedMidway]));
        if (isFailing) log.info('orders and sagas can be compared again');
        isFailing = false;
      } catch (error) {
        if (!isFailing && !signal.aborted) log.warn({ err: error }, 'orders and sagas cannot be compared now');
        isFailing = true;
      }
    }
  };

  const stopped = run();
  return {
    stop: () => {
      stopping.abort();
      return stopped;
    },
  };
};

/** Whether it goes on after the pause. */
const pause = (everyMs: number, signal: AbortSignal): Promise<boolean> =>
  delay(everyMs, true, { signal }).catch(() => false);
