import type { EventStore } from '../event-store.js';
import type { StoredEvent } from '../stored-event.js';

/** Tests only: all events that a store has now, in their order. */
export const allStored = async (eventStore: Pick<EventStore, 'readAll'>): Promise<readonly StoredEvent[]> => {
  const events: StoredEvent[] = [];
  for await (const batch of eventStore.readAll({ after: null })) events.push(...batch);
  return events;
};
