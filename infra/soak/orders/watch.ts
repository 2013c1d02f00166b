import type { EventStore } from '../../event-store/event-store.js';
import { categories, createRecords, type Records } from './records.js';

/** What has happened to orders, as it happens. */
export type OrderWatch = Readonly<{
  records: Records;
  /** Resolves once something holds of what was recorded of an order. @throws whatever ended the watch. */
  until: (orderId: string, holds: (records: Records) => boolean) => Promise<void>;
  stop: () => Promise<void>;
}>;

/** Watches orders, payments, shipments and stocks from their beginning until `signal` is aborted. */
export const watchOrders = (eventStore: EventStore, signal: AbortSignal): OrderWatch => {
  const { records, add } = createRecords();
  const waiting = new Map<string, Set<() => void>>();
  const stopping = new AbortController();
  const either = AbortSignal.any([signal, stopping.signal]);

  const watch = async () => {
    for await (const batch of eventStore.follow(categories, { after: null, most: 200, signal: either }))
      for (const event of batch) waiting.get(add(event))?.forEach((look) => look());
    if (!stopping.signal.aborted) throw new Error('The time is over', { cause: either.reason });
  };
  const watching = watch();
  // Whoever waits, or stops it, hears of a failure.
  watching.catch(() => undefined);

  return {
    records,
    until: async (orderId, holds) => {
      if (holds(records)) return;
      const looks = waiting.get(orderId) ?? new Set();
      waiting.set(orderId, looks);
      let look: () => void = () => undefined;
      const reached = new Promise<void>((resolve) => {
        look = () => {
          if (holds(records)) resolve();
        };
        looks.add(look);
      });
      await Promise.race([reached, watching]);
      looks.delete(look);
    },
    stop: async () => {
      stopping.abort();
      await watching;
    },
  };
};
