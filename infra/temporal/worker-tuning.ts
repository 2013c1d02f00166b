import type { WorkerOptions } from '@temporalio/worker';

/** How much a worker is to be ready for: `light` is for one that has little to do, beside others in its process. */
export type Load = 'busy' | 'light';

/** How a worker is tuned. Interceptors in the workflow itself come with its bundle. */
export const tuningFor = (load: Load): Partial<WorkerOptions> => ({ ...common, ...(load === 'busy' ? busy : light) });

const common = {
  reuseV8Context: true,
  // A task that its worker does not take in this time, since it died, goes to any other.
  stickyQueueScheduleToStartTimeout: '5s',
  shutdownGraceTime: '2s',
  shutdownForceTime: '8s',
} as const satisfies Partial<WorkerOptions>;

const busy = {
  // Enough for sagas in their first seconds; the thousands that wait for days are replayed when something comes.
  maxCachedWorkflows: 500,
  // Their tasks take a millisecond each, on one thread: more would wait here rather than with Temporal.
  maxConcurrentWorkflowTaskExecutions: 20,
  // They wait for services and for banks.
  maxConcurrentActivityTaskExecutions: 50,
  maxConcurrentLocalActivityExecutions: 20,
  workflowTaskPollerBehavior: { type: 'autoscaling', minimum: 2, initial: 4, maximum: 10 },
  // Most activities come back eagerly with the task that wants them, without a poll.
  activityTaskPollerBehavior: { type: 'autoscaling', minimum: 1, initial: 2, maximum: 10 },
} as const satisfies Partial<WorkerOptions>;

const light = {
  maxCachedWorkflows: 50,
  maxConcurrentWorkflowTaskExecutions: 5,
  maxConcurrentActivityTaskExecutions: 20,
  maxConcurrentLocalActivityExecutions: 1,
  workflowTaskPollerBehavior: { type: 'simple-maximum', maximum: 2 },
  activityTaskPollerBehavior: { type: 'simple-maximum', maximum: 2 },
} as const satisfies Partial<WorkerOptions>;
