import { setTimeout as delay } from 'node:timers/promises';
import { Worker, type WorkerOptions } from '@temporalio/worker';
import type { Log } from '../logging/log.js';
import { buildIdOf } from './build-id.js';
import { registerSearchAttributes } from './register-search-attributes.js';
import { ignoreRuns, traceActivities, traceRuns } from './tracing-interceptors.js';
import { connectWorker } from './worker-connection.js';
import { installRuntime } from './worker-runtime.js';
import { tuningFor, type Load } from './worker-tuning.js';

/** What one worker runs, and where. */
export type WorkerSettings = Readonly<{
  address: string;
  taskQueue: string;
  workflowBundlePath: string;
  activities: object;
  /** `busy` where it is left out. */
  load?: Load;
  tracing: boolean;
  log: Log;
}>;

/** A worker that goes on until it is stopped. */
export type RunningWorker = Readonly<{
  /** Resolves once the worker first takes tasks, or was stopped before; rejects where there is no bundle. */
  ready: Promise<void>;
  /** Lets running tasks end, for some seconds, and resolves when none runs any more. */
  stop: () => Promise<void>;
}>;

/**
 * Takes workflow and activity tasks from a task queue of the namespace `default`, of which it registers the search
 * attributes first. It waits for a Temporal that is not there yet and comes back to one that was away.
 */
export const runWorker = (settings: WorkerSettings): RunningWorker => {
  installRuntime(settings.log);
  const stopping = new AbortController();
  let onStarted: () => void = () => undefined;
  const started = new Promise<void>((resolve) => (onStarted = resolve));
  const stopped = runAgainUntil(stopping.signal, settings, onStarted);
  return {
    ready: Promise.race([started, stopped]),
    stop: () => {
      stopping.abort();
      return stopped;
    },
  };
};

const runAgainUntil = async (signal: AbortSignal, settings: WorkerSettings, onStarted: () => void): Promise<void> => {
  const options = optionsOf(settings, await buildIdOf(settings.workflowBundlePath));
  while (!signal.aborted) {
    try {
      await runOnce(signal, settings, options, onStarted);
    } catch (error) {
      if (isAbort(error)) return;
      settings.log.warn({ err: error, taskQueue: settings.taskQueue }, 'the Temporal worker ended and begins again');
      await pause(signal);
    }
  }
};

const runOnce = async (
  signal: AbortSignal,
  { address, log }: WorkerSettings,
  options: WorkerOptions,
  onStarted: () => void,
): Promise<void> => {
  const connection = await connectWorker(address, signal, log);
  try {
    await connection.withDeadline(Date.now() + 5_000, () => registerSearchAttributes(connection, log));
    const worker = await Worker.create({ ...options, connection });
    const ended = worker.run();
    const stop = () => {
      if (worker.getState() === 'RUNNING') worker.shutdown();
    };
    signal.addEventListener('abort', stop);
    if (signal.aborted) stop();
    onStarted();
    await ended.finally(() => signal.removeEventListener('abort', stop));
  } finally {
    await connection.close();
  }
};

/**
 * Temporal shows by whose code a task was done. It does not choose workers by that: people upgrade in place, and a run
 * that waited for workers of an older build would wait for ever.
 */
const optionsOf = (
  { taskQueue, workflowBundlePath, activities, load = 'busy', tracing }: WorkerSettings,
  buildId: string,
): WorkerOptions => ({
  ...tuningFor(load),
  namespace: 'default',
  taskQueue,
  identity: `workflows/${process.pid}/${buildId}`,
  workerDeploymentOptions: { version: { deploymentName: taskQueue, buildId }, useWorkerVersioning: false },
  workflowBundle: { codePath: workflowBundlePath },
  activities,
  ...(tracing && { interceptors: { activity: [traceActivities] } }),
  sinks: tracing ? traceRuns : ignoreRuns,
});

const pause = (signal: AbortSignal) => delay(1_000, undefined, { signal }).catch(() => undefined);

const isAbort = (error: unknown) => error instanceof Error && error.name === 'AbortError';
