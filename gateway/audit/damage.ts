import { orDamaged } from '../../infra/audit-log/export/tampered.js';
import type { EventStore } from '../../infra/event-store/event-store.js';

type Reads = Pick<EventStore, 'readStream' | 'readAll'>;

/** The reads of a store, which throw DomainError `audit.tampered` where they meet an event that is damaged. */
export const tellingDamage = (eventStore: Reads): Reads => ({
  readStream: (...asked) => telling(eventStore.readStream(...asked)),
  readAll: (part) => telling(eventStore.readAll(part)),
});

/** A generator would not leave what it reads before that gives something. */
const telling = <Item>(items: AsyncIterable<Item>): AsyncIterable<Item> => ({
  [Symbol.asyncIterator]: () => {
    const reading = items[Symbol.asyncIterator]();
    return {
      next: async () => {
        try {
          return await reading.next();
        } catch (error) {
          throw orDamaged(error);
        }
      },
      return: async () => {
        await reading.return?.();
        return { done: true, value: undefined };
      },
    };
  },
});
