import { setTimeout as delay } from 'node:timers/promises';
import { pino } from 'pino';
import { everyAggregate } from '../../../../domains/contexts.js';
import { orders, type OrderRow } from '../../../../projections/orders/projection.js';
import { ordersTable } from '../../../../projections/orders/table.js';
import { readEvents } from '../../../../projections/runner/read-events.js';
import { runProjections } from '../../../../projections/runner/runner.js';
import { createViewBuilds } from '../../../../projections/runner/view-builds.js';
import { liveBuild, readPostgresView, tableOf } from '../../../../projections/shared/postgres-view.js';
import { createEventStore } from '../../../event-store/event-store.js';
import { createMongo } from '../../../mongo/mongo.js';
import { createPostgres } from '../../../postgres/postgres.js';
import { offer } from '../apart.js';
import { placed, orderIdOf } from '../order-events.js';
import { outcomeOf, type Outcome } from '../order-rows.js';

/**
 * The platform's own runner, as a process that a benchmark asks for things. It is the only file here that knows
 * projections, and may since it is a composition root.
 */

/** Where the events are and where the view lies. */
export type Engines = Readonly<{ eventStoreUrl: string; postgresUrl: string }>;

/** Memory of the process, in MiB. */
export type Memory = Readonly<{ resident: number; heap: number }>;

const log = pino({ level: 'warn' }, pino.destination(2));
const open = ({ eventStoreUrl, postgresUrl }: Engines, withinMs?: number) => {
  const eventStore = createEventStore(eventStoreUrl);
  const postgres = createPostgres(postgresUrl, 10, withinMs);
  const close = () => Promise.all([eventStore.dispose(), postgres.end()]);
  return { eventStore, postgres, close };
};

/** No view that lies there is kept. */
const noMongo = createMongo('mongodb://127.0.0.1:1/evermart');

/** Orders as they are shown, of which nobody is told: the ceiling tells nobody either. */
const { change, ...untold } = orders;

/** Runs the view of orders as the role does. */
const run = ({ eventStore, postgres }: ReturnType<typeof open>, isTold = true) =>
  runProjections({
    builds: createViewBuilds(
      [{ view: isTold ? { ...untold, ...(change ? { change } : {}) } : untold, table: ordersTable }],
      {
        postgres,
        mongo: noMongo,
      },
    ),
    postgres,
    eventStore,
    log,
    read: readEvents(everyAggregate),
    instance: `bench/${process.pid}`,
  });

/** Resolves when the view has applied the event at a position. */
const untilAt = async ({ postgres }: ReturnType<typeof open>, position: bigint): Promise<void> => {
  const reached = () =>
    liveBuild(postgres, orders).then(
      ({ watermark }) => watermark ?? -1n,
      () => -1n,
    );
  while ((await reached()) < position) await delay(5);
};

/** Builds the view from nothing up to `last`. Gives how long that took, and the memory after each tenth of the log. */
const catchUp = async ({ last, isTold, ...engines }: Engines & Readonly<{ last: bigint; isTold: boolean }>) => {
  const opened = open(engines);
  const memory: Memory[] = [];
  const begun = performance.now();
  const view = run(opened, isTold);
  for (let tenth = 1n; tenth <= 10n; tenth += 1n) {
    await untilAt(opened, (last * tenth) / 10n);
    const { rss, heapUsed } = process.memoryUsage();
    memory.push({ resident: rss / 2 ** 20, heap: heapUsed / 2 ** 20 });
  }
  const seconds = (performance.now() - begun) / 1000;
  await view.stop();
  await opened.close();
  return { seconds, memory };
};

/** What the view holds: all of it, which may take a while. */
const outcome = async (engines: Engines): Promise<Outcome> => {
  const { postgres, close } = open(engines, 120_000);
  const rows = await readPostgresView<OrderRow>(postgres, orders).select('', [], { after: new Map(), waitMs: 0 });
  await close();
  return outcomeOf(rows);
};

/** Keeps the view up to date until the process ends; resolves once it is at `last`. */
const follow = async ({ last, ...engines }: Engines & Readonly<{ last: bigint }>) => {
  const opened = open(engines);
  run(opened);
  await untilAt(opened, last);
};

/**
 * Places orders one at a time, the next when the one before is seen. Gives the milliseconds of each from before its
 * append, and from after it.
 */
const place = async ({ from, count, ...engines }: Engines & Readonly<{ from: number; count: number }>) => {
  const { eventStore, postgres, close } = open(engines);
  const reader = readPostgresView<OrderRow>(postgres, orders);
  const seen: { whole: number; afterAppend: number }[] = [];
  for (let order = from; order < from + count; order += 1) {
    const { stream, events, expected } = placed(order);
    const begun = performance.now();
    const { position } = await eventStore.append(stream, events, expected);
    const appended = performance.now();
    const found = await reader.byKey(orderIdOf(order), {
      after: new Map([['order', position.commit]]),
      waitMs: 10_000,
    });
    const ended = performance.now();
    if (found?.item.id !== orderIdOf(order)) throw new Error('An order was not there when the view said so');
    seen.push({ whole: ended - begun, afterAppend: ended - appended });
  }
  await close();
  return seen;
};

/** A table like that of the view, so that both pay for the same columns and indexes. */
const bareTable = () => {
  const name = 'bare_orders';
  return Promise.resolve({ name, table: tableOf(name, ordersTable) });
};

const works = { catchUp, outcome, follow, place, bareTable };
export type OurRunner = typeof works;
offer(works);
