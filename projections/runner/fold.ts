import type { Message } from '../../domains/shared/decider.js';
import type { StoredEvent } from '../../infra/event-store/stored-event.js';
import type { ProjectedEvent, Projection } from '../shared/projection.js';

/** A row as a store keeps it: `null` once it went; the position of the event that it is the outcome of. */
export type StoredRow<Row> = Readonly<{ row: Row | null; position: bigint }>;

/** A projection threw on an event. */
export class PoisonEvent extends Error {
  override readonly name = 'PoisonEvent';
  constructor(
    readonly event: Pick<StoredEvent, 'streamId' | 'revision' | 'type'>,
    override readonly cause: unknown,
  ) {
    super(`A projection cannot apply revision ${event.revision} of ${event.streamId}`);
  }
}

/**
 * The events of a batch by the key of the row that they change, in their order.
 *
 * @throws PoisonEvent
 */
export const groupByKey = <Event extends Message, Row extends object>(
  projection: Projection<Event, Row>,
  batch: readonly StoredEvent[],
): ReadonlyMap<string, readonly StoredEvent[]> => {
  const groups = new Map<string, StoredEvent[]>();
  for (const event of batch) {
    const key = naming(event, () => projection.key(projected<Event>(event)));
    if (key === null) continue;
    const group = groups.get(key);
    if (group) group.push(event);
    else groups.set(key, [event]);
  }
  return groups;
};

/**
 * The rows that the events change, each as it is after the last of them. Events that a row already holds the outcome of
 * change nothing: a batch may come again, also in part.
 *
 * @throws PoisonEvent
 */
export const foldRows = <Event extends Message, Row extends object>(
  projection: Projection<Event, Row>,
  groups: ReadonlyMap<string, readonly StoredEvent[]>,
  stored: ReadonlyMap<string, StoredRow<Row>>,
): ReadonlyMap<string, StoredRow<Row>> => {
  const changed = new Map<string, StoredRow<Row>>();
  for (const [key, events] of groups) {
    const before = stored.get(key);
    const after = events.reduce((kept, event) => apply(projection, event, kept), before);
    if (after !== undefined && after !== before) changed.set(key, after);
  }
  return changed;
};

const apply = <Event extends Message, Row extends object>(
  projection: Projection<Event, Row>,
  event: StoredEvent,
  before: StoredRow<Row> | undefined,
): StoredRow<Row> | undefined => {
  const position = event.position.commit;
  if (before !== undefined && position <= before.position) return before;
  const row = before?.row ?? undefined;
  const after = naming(event, () => projection.project(projected<Event>(event), row));
  if (after === undefined || after === row) return before;
  return after === null && row === undefined ? before : { row: after, position };
};

/** The categories that a projection reads hold only events that it declares; they come in the present shape. */
const projected = <Event extends Message>({ type, data, streamId, revision, metadata }: StoredEvent) =>
  ({ type, data, streamId, revision, at: metadata.at }) as unknown as ProjectedEvent<Event>;

/**
 * Does what an event is needed for.
 *
 * @throws PoisonEvent where that throws, with the event's name.
 */
export const naming = <Result>(event: StoredEvent, work: () => Result): Result => {
  try {
    return work();
  } catch (error) {
    throw new PoisonEvent(event, error);
  }
};
