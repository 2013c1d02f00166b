import { access } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { Worker, type WorkerOptions } from '@temporalio/worker';
import { connectWorker } from './connection.js';
import { ignoreRuns, traceActivities, traceRuns } from './tracing-interceptors.js';
import { installRuntime } from './worker-runtime.js';

/** What one worker runs, and where. `log` is told what an operator should know, in lines without personal data. */
export type WorkerSettings = Readonly<{
  address: string;
  taskQueue: string;
  workflowBundlePath: string;
  activities: object;
  tracing: boolean;
  log: (line: string) => void;
}>;

/** A worker that goes on until it is stopped. */
export type RunningWorker = Readonly<{
  /** Resolves once the worker first takes tasks, or was stopped before; rejects where there is no bundle. */
  ready: Promise<void>;
  /** Lets running tasks end, for some seconds, and resolves when none runs any more. */
  stop: () => Promise<void>;
}>;

/**
 * Takes workflow and activity tasks from a task queue of the namespace `default`. It waits for a Temporal that is not
 * there yet and comes back to one that was away.
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
  await access(settings.workflowBundlePath);
  while (!signal.aborted) {
    try {
      await runOnce(signal, settings, onStarted);
    } catch (error) {
      if (isAbort(error)) return;
      settings.log(`The Temporal worker ended and begins again: ${String(error)}`);
      await pause(signal);
    }
  }
};

const runOnce = async (signal: AbortSignal, settings: WorkerSettings, onStarted: () => void): Promise<void> => {
  const connection = await connectWorker(settings.address, signal, settings.log);
  try {
    const worker = await Worker.create({ ...optionsOf(settings), connection });
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

/** Modest: one machine holds the whole platform. Interceptors in the workflow itself come with its bundle. */
const optionsOf = ({ taskQueue, workflowBundlePath, activities, tracing }: WorkerSettings): WorkerOptions => ({
  namespace: 'default',
  taskQueue,
  workflowBundle: { codePath: workflowBundlePath },
  activities,
  reuseV8Context: true,
  maxCachedWorkflows: 200,
  maxConcurrentActivityTaskExecutions: 50,
  shutdownGraceTime: '2s',
  shutdownForceTime: '8s',
  ...(tracing && { interceptors: { activity: [traceActivities] } }),
  sinks: tracing ? traceRuns : ignoreRuns,
});

const pause = (signal: AbortSignal) => delay(1_000, undefined, { signal }).catch(() => undefined);

const isAbort = (error: unknown) => error instanceof Error && error.name === 'AbortError';
