import type { EventStore } from '../../event-store/event-store.js';
import type { AuditIndex, IndexedStream } from '../audit-index.js';

/** Finds everything by a look through the whole store. */
export const createScannedIndex = (eventStore: Pick<EventStore, 'readAll'>): AuditIndex => ({
  ofCorrelation: () => Promise.resolve({ found: [], through: null }),
  before: () => Promise.resolve(null),
  streams: async (prefix, { after, limit }) => {
    const found = new Map<string, number>();
    for await (const batch of eventStore.readAll({ after: null }))
      for (const { streamId, revision } of batch)
        if (streamId.startsWith(prefix) && (after === null || streamId > after)) found.set(streamId, revision);
    return [...found]
      .map(([streamId, lastRevision]): IndexedStream => ({ streamId, lastRevision }))
      .sort((one, other) => (one.streamId < other.streamId ? -1 : 1))
      .slice(0, limit);
  },
});
