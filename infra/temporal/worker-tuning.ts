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
  // Enough for sagas in their first seconds, at 0.3 MiB each; the thousands that wait for days are replayed when
  // something comes, in less than a tenth of a second.
  maxCachedWorkflows: 200,
  // A task lasts as long as the local activities in it, which wait for services and banks: so as many of either.
  maxConcurrentWorkflowTaskExecutions: 100,
  maxConcurrentLocalActivityExecutions: 100,
  maxConcurrentActivityTaskExecutions: 50,
  workflowTaskPollerBehavior: { type: 'autoscaling', minimum: 2, initial: 4, maximum: 10 },
  // Most activities come back eagerly with the task that wants them, without a poll.
  activityTaskPollerBehavior: { type: 'autoscaling', minimum: 1, initial: 2, maximum: 10 },
} as const satisfies Partial<WorkerOptions>;

// Few pollers save Temporal long calls and this process little: 40 MiB of a worker are the thread of its workflows.
const light = {
  maxCachedWorkflows: 50,
  maxConcurrentWorkflowTaskExecutions: 5,
  maxConcurrentActivityTaskExecutions: 20,
  maxConcurrentLocalActivityExecutions: 5,
  workflowTaskPollerBehavior: { type: 'simple-maximum', maximum: 2 },
  activityTaskPollerBehavior: { type: 'simple-maximum', maximum: 2 },
} as const satisfies Partial<WorkerOptions>;
