import { lineOf, newsFilter } from './worker-runtime.js';

it("keeps an activity's failure without what its message says", () => {
  const meta = {
    workflowId: 'order-1',
    activityType: 'reserveStock',
    attempt: 3,
    taskToken: 'x',
    error: new RangeError('ada'),
  };
  expect(lineOf({ message: 'Activity failed', meta })).toBe(
    'Temporal: Activity failed (workflowId order-1, activityType reserveStock, attempt 3, RangeError)',
  );
  expect(lineOf({ message: 'Worker failed' })).toBe('Temporal: Worker failed');
});

it('says once a minute that calls are retried, and everything else always', () => {
  const isNews = newsFilter();
  expect(isNews('gRPC call poll_workflow_task_queue retried 16 times', 1_000_000)).toBe(true);
  expect(isNews('gRPC call poll_activity_task_queue retried 17 times', 1_059_999)).toBe(false);
  expect(isNews('gRPC call poll_activity_task_queue retried 18 times', 1_060_000)).toBe(true);
  expect(isNews('Activity failed', 1_060_001)).toBe(true);
  expect(isNews('Activity failed', 1_060_002)).toBe(true);
});
