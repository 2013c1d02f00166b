import { setTimeout as pause } from 'node:timers/promises';
import { startEnginesApart, type EnginesApart } from '../engines/engines-apart.js';
import { createEventStore } from '../event-store/event-store.js';
import { openOrderPlatform, type OrderPlatform } from '../soak/orders/platform.js';
import { watchOrders } from '../soak/orders/watch.js';
import { startApart } from './projection/apart.js';
import { compare, together, type Measurement, type Round } from './rounds.js';
import type { Flight } from './saga/in-flight.js';
import type { Kind } from './saga/no-op-workflow.js';
import type { NoOps } from './saga/no-op.js';
import { openPlacer } from './saga/orders.js';

const rounds = 5;
/** In each round so many of each, so many at a time: as many as the relay hands over at once. */
const [times, most] = [120, 20];
/** One at a time. */
const aloneTimes = 30;
/** What an order of one line does until it is paid: reserve, authorise, ask the order, capture, mark paid. */
const activities = 5;

/** An order alone is paid within so long where five polled activities alone take `polledMs`. */
const alone = { paidMs: 500, polledMs: 550 };

type Way = 'saga' | Kind;
const ways: readonly Way[] = ['saga', 'ordinary', 'polled', 'local'];

/**
 * Carries out orders until they are paid, beside workflows whose activities do nothing, on the same Temporal, in turns.
 *
 * The floor is held against ordinary activities as this server runs them, eagerly, since that is what a workflow has
 * that asks for nothing in particular. Local ones, of which the saga makes use, are shown beside it: what they leave of
 * a workflow is little, so that the ratio then tells what commands and appends cost.
 */
export const measureSaga = async (report: (line: string) => void): Promise<Measurement> => {
  const engines = await startEnginesApart(['event-store', 'postgres', 'temporal']);
  try {
    const platform = await openOrderPlatform({ engines: engines.env, paymentRetryWindowSeconds: 0, views: false });
    try {
      return await measure(engines, platform, report);
    } finally {
      await platform.close();
    }
  } finally {
    await engines.stop();
  }
};

const measure = async (
  { env }: EnginesApart,
  platform: OrderPlatform,
  report: (line: string) => void,
): Promise<Measurement> => {
  const eventStore = createEventStore(env['EVENTSTORE_URL'] ?? '');
  const stopping = new AbortController();
  const watch = watchOrders(eventStore, stopping.signal);
  const noOps = startApart<NoOps>(new URL('./saga/no-op.js', import.meta.url));
  try {
    await noOps.ask('open', { address: env['TEMPORAL_ADDRESS'] ?? '' });
    const placer = await openPlacer(platform, watch);

    const fly = async (way: Way, count: number, atOnce: number): Promise<Flight> => {
      if (way !== 'saga') return noOps.ask('run', { kind: way, activities, times: count, most: atOnce });
      const flight = await placer.run(count, atOnce);
      await placer.whenIdle();
      return flight;
    };
    const flyAll = async (name: string, count: number, atOnce: number): Promise<Flights> => {
      const flights = new Map<Way, Flight>();
      for (const way of ways) flights.set(way, await fly(way, count, atOnce));
      report(`${name}: ${ways.map((way) => `${way} ${rateOf(flights, way).toFixed(1)}/s`).join(', ')}`);
      return flights;
    };

    await flyAll('warm-up', times / 2, most);
    const measured: Flights[] = [];
    for (let round = 1; round <= rounds; round += 1) measured.push(await flyAll(`round ${round}`, times, most));
    report('one at a time');
    const single = new Map<Way, number[]>(ways.map((way) => [way, []]));
    for (let time = 0; time < aloneTimes; time += 1)
      for (const way of ways) {
        single.get(way)?.push(...(await fly(way, 1, 1)).milliseconds);
        // What it does after its last activity is not to fall into the next one's time.
        await pause(200);
      }
    await noOps.ask('close', undefined);
    return together([...compared(measured), underLoad(measured), onItsOwn(single)]);
  } finally {
    await noOps.stop();
    stopping.abort();
    await eventStore.dispose();
  }
};

type Flights = ReadonlyMap<Way, Flight>;

const rateOf = (flights: Flights, way: Way): number => flights.get(way)?.perSecond ?? Number.NaN;

const compared = (measured: readonly Flights[]): readonly Measurement[] => {
  const beside = (way: Way): readonly Round[] =>
    measured.map((flights) => ({ figure: rateOf(flights, 'saga'), ceiling: rateOf(flights, way) }));
  return [
    compare('orders paid, beside 5 ordinary no-ops', beside('ordinary'), 0.6),
    compare('orders paid, beside 5 polled no-ops', beside('polled')),
    compare('orders paid, beside 5 local no-ops', beside('local')),
  ];
};

const underLoad = (measured: readonly Flights[]): Measurement => {
  const lines = ways.map((way) => {
    const times = measured.flatMap((flights) => flights.get(way)?.milliseconds ?? []);
    return `${`${way}, ${most} at a time`.padEnd(44)} p50 ${ms(times, 0.5)}, p95 ${ms(times, 0.95)}, p99 ${ms(times, 0.99)}`;
  });
  return { lines, withinCeilings: true };
};

/** The ceiling goes with the machine: half a second where the activities take what they took when it was set. */
const onItsOwn = (single: ReadonlyMap<Way, readonly number[]>): Measurement => {
  const lines = ways.map((way) => {
    const times = single.get(way) ?? [];
    return `${`${way}, one at a time`.padEnd(44)} p50 ${ms(times, 0.5)}, p99 ${ms(times, 0.99)}`;
  });
  const median = (way: Way) => quantile(single.get(way) ?? [], 0.5);
  const ceiling = Math.max(alone.paidMs, (alone.paidMs / alone.polledMs) * median('polled'));
  return {
    lines: [
      ...lines,
      `an order alone is paid within ${median('saga').toFixed(0)} ms of at most ${ceiling.toFixed(0)} ms`,
    ],
    withinCeilings: median('saga') <= ceiling,
  };
};

const quantile = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) * share)] ?? Number.NaN;

const ms = (values: readonly number[], share: number) => `${quantile(values, share).toFixed(0)} ms`;
