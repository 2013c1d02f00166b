import { startEnginesApart } from '../engines/engines-apart.js';
import { createEventStore } from '../event-store/event-store.js';
import { startApart } from './projection/apart.js';
import type { Bare } from './projection/bare.js';
import { emptyDatabase } from './projection/databases.js';
import type { Emmett, Projecting } from './projection/emmett.js';
import { measureLatency } from './projection/latency.js';
import { appendOrders, eventsPerOrder } from './projection/order-events.js';
import { expectedOutcome, refuseOther } from './projection/order-rows.js';
import type { OurRunner } from './projection/our-runner/main.js';
import { compare, together, type Measurement, type Round } from './rounds.js';

const rounds = 5;
const orders = 10_000;
const events = orders * eventsPerOrder;
const batch = 500;
/** Fewer, since it is slow: rates are compared. */
const emmettOrders = 1_000;
const tuned = { kind: 'sql', pulling: { batchSize: 1_000, pullingFrequencyInMs: 1 } } as const;

type Rates = Readonly<{ ours: number; told: number; bare: number; stock: number; tuned: number }>;

/**
 * Builds the view of orders from a log, beside the least that does so and beside emmett, and looks how soon an order is
 * seen. Whoever comes to other rows than the rest fails the benchmark.
 */
export const measureProjection = async (report: (line: string) => void): Promise<Measurement> => {
  const engines = await startEnginesApart(['event-store', 'postgres']);
  const eventStoreUrl = engines.env['EVENTSTORE_URL'] ?? '';
  const postgres = engines.env['POSTGRES_URL'] ?? '';
  const eventStore = createEventStore(eventStoreUrl);
  const ours = startApart<OurRunner>(new URL('./projection/our-runner/main.js', import.meta.url));
  const bare = startApart<Bare>(new URL('./projection/bare.js', import.meta.url));
  const emmett = startApart<Emmett>(new URL('./projection/emmett.js', import.meta.url));
  const right = expectedOutcome(orders);
  const rightOfEmmett = expectedOutcome(emmettOrders);

  const ourRate = async (database: string, last: bigint, isTold: boolean): Promise<number> => {
    const postgresUrl = await emptyDatabase(postgres, `${isTold ? 'told' : 'ours'}_${database}`);
    const { seconds } = await ours.ask('catchUp', { eventStoreUrl, postgresUrl, last, isTold });
    refuseOther('our runner', await ours.ask('outcome', { eventStoreUrl, postgresUrl }), right);
    return events / seconds;
  };
  const bareRate = async (database: string): Promise<number> => {
    const postgresUrl = await emptyDatabase(postgres, `bare_${database}`);
    const table = await ours.ask('bareTable', undefined);
    const { seconds, outcome } = await bare.ask('catchUp', {
      eventStoreUrl,
      postgresUrl,
      ...table,
      events,
      most: batch,
    });
    refuseOther('the bare catch-up', outcome, right);
    return events / seconds;
  };
  const emmettRate = async (how: Omit<Projecting, 'orders'>): Promise<number> => {
    const { seconds, outcome } = await emmett.ask('project', { ...how, orders: emmettOrders });
    refuseOther('emmett', outcome, rightOfEmmett);
    return (emmettOrders * eventsPerOrder) / seconds;
  };

  try {
    report(`appending ${events} events, and ${emmettOrders * eventsPerOrder} to emmett's store`);
    const last = await appendOrders(eventStore, orders);
    const emmettUrl = await emptyDatabase(postgres, 'emmett');
    await emmett.ask('fill', { postgresUrl: emmettUrl, orders: emmettOrders });

    const measure = async (name: string): Promise<Rates> => {
      const rates = {
        ours: await ourRate(name, last, false),
        told: await ourRate(name, last, true),
        bare: await bareRate(name),
        stock: await emmettRate({ postgresUrl: emmettUrl, name: `stock_${name}`, kind: 'pongo' }),
        tuned: await emmettRate({ postgresUrl: emmettUrl, name: `tuned_${name}`, ...tuned }),
      };
      report(`${name}: ${inWords(rates)}`);
      return rates;
    };
    await measure('warm_up');
    const measured: Rates[] = [];
    for (let round = 1; round <= rounds; round += 1) measured.push(await measure(`round_${round}`));
    const beside = (other: keyof Rates): readonly Round[] =>
      measured.map((rates) => ({ figure: rates.ours, ceiling: rates[other] }));

    report('one order after another');
    const postgresUrl = await emptyDatabase(postgres, 'live');
    const latency = await measureLatency({ eventStoreUrl, postgresUrl, last, from: orders });
    const told = measured.map((rates) => rates.told).sort((a, b) => a - b)[Math.floor(rounds / 2)] ?? 0;
    report(`with the change log that live push reads, the median of ours is ${told.toFixed(0)}/s`);
    return together([
      compare('catch-up, beside a bare read and upsert', beside('bare'), 0.8),
      compare('catch-up, beside emmett as it comes', beside('stock'), 10),
      compare('catch-up, beside emmett tuned', beside('tuned'), 1),
      latency,
    ]);
  } finally {
    await Promise.all([ours, bare, emmett].map((apart) => apart.stop()));
    await eventStore.dispose();
    await engines.stop();
  }
};

const inWords = ({ ours, told, bare, stock, tuned }: Rates) =>
  [
    ['ours', ours],
    ['ours with change log', told],
    ['bare', bare],
    ['emmett', stock],
    ['emmett tuned', tuned],
  ]
    .map(([name, rate]) => `${name} ${Number(rate).toFixed(0)}/s`)
    .join(', ');
