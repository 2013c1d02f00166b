import type { EventStore } from '../../infra/event-store/event-store.js';
import type { StoredEvent } from '../../infra/event-store/stored-event.js';
import type { LeftBehind } from './fold.js';
import { keyEvents, type KeyedEvent } from './keyed.js';
import type { ReadEvents } from './read-events.js';
import type { HeldPartition } from './plan.js';
import type { BuildDefinition } from './view-definition.js';
import type { ParkedEvent } from '../shared/parked-event.js';
import type { RequestedKey } from './view-store.js';

type Parts = Readonly<{
  eventStore: Pick<EventStore, 'readStream'>;
  read: ReadEvents;
}>;

/**
 * Does what a person wants to be done with the parked events of a key. To apply them they are read from their streams
 * again, so that they come in the shape that the present code gives them. Gives what stays parked.
 */
export const redriveKey = async (
  { eventStore, read }: Parts,
  { view, store }: BuildDefinition,
  held: HeldPartition,
  { key, request }: RequestedKey,
): Promise<readonly LeftBehind[]> => {
  if (request === 'discard') {
    await store.discard(held, key);
    return [];
  }
  const stored = await storedEvents(eventStore, await store.parkedOf({ key }));
  const found = keyEvents(view, read(stored));
  return store.redrive(
    held,
    key,
    found.map((event) => under(key, held, event)),
  );
};

/** What a key could not be told of is parked under another; what that one has applied since cannot wait for it any more. */
const under = (key: string, { partition }: HeldPartition, event: KeyedEvent): KeyedEvent =>
  event.key === key
    ? event
    : { stored: event.stored, key, partition, error: new Error('Its key turned out to be another: rebuild the view') };

/** The events as they lie in their streams, in the order of `$all`. */
const storedEvents = async (
  eventStore: Pick<EventStore, 'readStream'>,
  parked: readonly ParkedEvent[],
): Promise<readonly StoredEvent[]> => {
  const places = new Map(parked.map(({ eventId, position }) => [eventId, position]));
  const found: StoredEvent[] = [];
  for (const stream of new Set(parked.map((event) => event.stream))) {
    const from = Math.min(...parked.filter((event) => event.stream === stream).map(({ revision }) => revision));
    for await (const event of eventStore.readStream(stream, { from })) {
      const commit = places.get(event.id);
      if (commit !== undefined) found.push({ ...event, position: event.position ?? { commit, prepare: commit } });
    }
  }
  if (found.length !== parked.length) throw new Error('A parked event is not in its stream');
  return found.sort((a, b) => (a.position.commit < b.position.commit ? -1 : 1));
};
