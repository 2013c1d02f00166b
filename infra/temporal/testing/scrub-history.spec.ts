import { scrubbed } from './scrub-history.js';

it('leaves nothing in a history of the machine that made it', () => {
  const taskQueue = { name: 'workflows/1/0.1.0-a-b', kind: 'TASK_QUEUE_KIND_STICKY', normalName: 'q' };
  const failure = {
    message: 'm',
    stackTrace: 'at fail (x.ts:1)',
    cause: { message: 'c', stackTrace: 'at cause (y.ts:2)' },
  };
  const events = [
    { eventId: '1', taskId: '104', startedEventAttributes: { identity: '1@ada', requestId: 'r', attempt: 1 } },
    { eventId: '2', scheduledEventAttributes: { taskQueue } },
    { eventId: '3', failedEventAttributes: { failure, payloads: [{ data: 'ZA==' }], workerVersion: { buildId: 'b' } } },
  ];
  expect(scrubbed(events)).toEqual([
    { eventId: '1', startedEventAttributes: { attempt: 1 } },
    { eventId: '2', scheduledEventAttributes: { taskQueue: { ...taskQueue, name: 'q' } } },
    {
      eventId: '3',
      failedEventAttributes: { failure: { message: 'm', cause: { message: 'c' } }, payloads: [{ data: 'ZA==' }] },
    },
  ]);
});
