import type { HistoryEvent } from './history-json.js';

/**
 * A history without what tells of the machine, the processes and the builds that made it: who did a task, where a failure
 * was thrown, which numbers the server gave. Replay needs none of it.
 */
export const scrubbed = (events: readonly HistoryEvent[]): readonly HistoryEvent[] =>
  events.map((event) => withoutMachine(event) as HistoryEvent);

const ofMachine: ReadonlySet<string> = new Set([
  ...['identity', 'stackTrace', 'workerVersion', 'workerDeploymentName'],
  ...['taskId', 'requestId', 'historySizeBytes', 'meteringMetadata'],
]);

const withoutMachine = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(withoutMachine);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([name]) => !ofMachine.has(name));
  const object = Object.fromEntries(kept.map(([name, inner]) => [name, withoutMachine(inner)]));
  return isSticky(object) ? { ...object, name: object['normalName'] } : object;
};

/** A worker's own task queue is named after its process. */
const isSticky = (object: HistoryEvent) => object['kind'] === 'TASK_QUEUE_KIND_STICKY';
