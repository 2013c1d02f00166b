import { setTimeout as pause } from 'node:timers/promises';
import { placed, orderIdOf } from '../bench/projection/order-events.js';
import { formatToken } from '../consistency/consistency-token.js';
import type { EventStore } from '../event-store/event-store.js';
import { compareWithRebuilt, isCompared, untilView, type ViewOperations } from './projections-operations.js';
import type { ViewedShop } from './projections-shop.js';
import { followOrders } from './projections-told.js';
import { quantiles } from './quantiles.js';

export type RebuildSettings = Readonly<{
  shop: ViewedShop;
  eventStore: EventStore;
  operations: ViewOperations;
  /** The number of the first order that is not there yet. */
  from: number;
  onProgress?: (text: string) => void;
}>;

/** What came of it: the number of the next order, and what is wrong. */
export type Rebuilt = Readonly<{ next: number; wrong: readonly string[] }>;

const view = 'orders';

/** A view that serves is to lag for less, whatever is built beside it. */
const mostLagMs = 1_000;

/** Orders that are placed once something has changed, before the next change. */
const ordersBetween = 50;

/**
 * Builds the view of orders anew, switches to it and back, while orders are placed one at a time and each is read with
 * its token, while a list is read all the time, and while somebody is told of orders as they come.
 */
export const rebuildUnderLoad = async (settings: RebuildSettings): Promise<Rebuilt> => {
  const { shop, operations, onProgress = () => undefined } = settings;
  const wrong: string[] = [];
  const told = await followOrders(shop);
  const placing = startPlacing(settings, wrong);
  const reading = startReading(shop, wrong);
  try {
    await placing.afterMore(ordersBetween);
    onProgress(`before: ${placing.measured()}`);

    await operations.rebuild(view);
    const { progress } = await untilView(operations, view, isCompared);
    if (progress?.comparison?.isEqual !== true) wrong.push('what was built anew is another than what serves');
    onProgress(`rebuilding: ${placing.measured()}`);

    await operations.switch(view);
    await untilView(operations, view, isSettled);
    await placing.afterMore(ordersBetween);
    onProgress(`switching: ${placing.measured()}`);

    await operations.rollback(view);
    await untilView(operations, view, isSettled);
    await placing.afterMore(ordersBetween);
    onProgress(`rolling back: ${placing.measured()}`);
  } finally {
    await placing.stop();
    await reading.stop();
  }
  onProgress(`lists meanwhile: ${reading.measured()}`);
  wrong.push(...(await told.wrongWith(placing.ordersPlaced())));
  await told.stop();
  wrong.push(...(await compareWithRebuilt(operations, [view])));
  return { next: settings.from + placing.ordersPlaced().length, wrong };
};

const isSettled = ({ progress }: Readonly<{ progress?: unknown }>) => progress === undefined;

type Placing = Readonly<{
  afterMore: (orders: number) => Promise<void>;
  /** How long orders took from their append to their being seen, since this was asked last. */
  measured: () => string;
  ordersPlaced: () => readonly string[];
  stop: () => Promise<void>;
}>;

/** Places one order after another, and reads each. */
const startPlacing = ({ shop, eventStore, from }: RebuildSettings, wrong: string[]): Placing => {
  const placedIds: string[] = [];
  let took: number[] = [];
  const placeAndRead = async () => {
    const number = from + placedIds.length;
    const { stream, events, expected } = placed(number);
    const begun = performance.now();
    const { position } = await eventStore.append(stream, events, expected);
    const token = formatToken([{ category: 'order', position: String(position.commit) }]);
    const id = orderIdOf(number);
    const seen = await shop.staff.get(`/orders/${id}`, { token, waitSeconds: 30 });
    const lag = performance.now() - begun;
    placedIds.push(id);
    took.push(lag);
    if ((seen.body as { id?: string }).id !== id)
      wrong.push(`order ${id}: ${seen.status} ${JSON.stringify(seen.body)}`);
    if (lag > mostLagMs) wrong.push(`order ${id} was seen after ${Math.round(lag)} ms`);
  };
  const repeating = repeat(placeAndRead);
  return {
    afterMore: async (orders) => {
      const wanted = placedIds.length + orders;
      while (placedIds.length < wanted) await repeating.next();
    },
    measured: () => {
      const words = `${took.length} orders, append to visible ${quantiles(took)}`;
      took = [];
      return words;
    },
    ordersPlaced: () => placedIds,
    stop: repeating.stop,
  };
};

/** Reads a list again and again: it is to be answered whatever happens. */
const startReading = ({ staff }: ViewedShop, wrong: string[]) => {
  const took: number[] = [];
  const repeating = repeat(async () => {
    const begun = performance.now();
    const { status, body } = await staff.get('/orders?limit=20');
    took.push(performance.now() - begun);
    const { items = [] } = body as { items?: readonly unknown[] };
    if (status !== 200 || items.length !== 20) wrong.push(`a list: ${status} ${JSON.stringify(body).slice(0, 200)}`);
    await pause(pauseMs);
  });
  return { stop: repeating.stop, measured: () => `${took.length}, ${quantiles(took)}` };
};

/** A person reads; the cores are for whoever keeps views. */
const pauseMs = 20;

/** Does something again and again until stopped. */
const repeat = (work: () => Promise<void>) => {
  let isStopping = false;
  let current = work();
  const run = async () => {
    for (;;) {
      await current;
      if (isStopping) return;
      current = work();
    }
  };
  const ended = run();
  ended.catch(() => undefined);
  return {
    /** Resolves after the work under way. @throws as that does. */
    next: async () => {
      await current;
      await pause();
    },
    stop: async () => {
      isStopping = true;
      await ended;
    },
  };
};
