import { setTimeout as delay } from 'node:timers/promises';
import { pino } from 'pino';
import { everyAggregate } from '../../../../domains/contexts.js';
import { orders, type OrderRow } from '../../../../projections/orders/projection.js';
import { ordersTable } from '../../../../projections/orders/table.js';
import { createPostgresStore } from '../../../../projections/runner/postgres-store.js';
import { presentFor } from '../../../../projections/runner/present.js';
import { runView, type RunningView } from '../../../../projections/runner/running-view.js';
import { readPostgresView, tableOf } from '../../../../projections/shared/postgres-view.js';
import { nameOf } from '../../../../projections/shared/view.js';
import { createEventStore } from '../../../event-store/event-store.js';
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

/** Runs the view of orders as the role does. */
const run = ({ eventStore, postgres }: ReturnType<typeof open>): RunningView =>
  runView(orders, createPostgresStore(postgres, orders, ordersTable), {
    eventStore,
    log,
    present: presentFor(everyAggregate),
  });

/** Resolves when the view has applied the event at a position. */
const untilAt = async (view: RunningView, position: bigint): Promise<void> => {
  while ((view.position()?.commit ?? -1n) < position) {
    if (view.state() === 'stopped') throw new Error('The view stopped');
    await delay(2);
  }
};

/** Builds the view from nothing up to `last`. Gives how long that took, and the memory after each tenth of the log. */
const catchUp = async ({ last, ...engines }: Engines & Readonly<{ last: bigint }>) => {
  const opened = open(engines);
  const memory: Memory[] = [];
  const begun = performance.now();
  const view = run(opened);
  for (let tenth = 1n; tenth <= 10n; tenth += 1n) {
    await untilAt(view, (last * tenth) / 10n);
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
const follow = async ({ last, ...engines }: Engines & Readonly<{ last: bigint }>) => untilAt(run(open(engines)), last);

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
  const view = { name: 'bare', version: 0, categories: [] };
  return Promise.resolve({ name: nameOf(view), table: tableOf(view, ordersTable) });
};

const works = { catchUp, outcome, follow, place, bareTable };
export type OurRunner = typeof works;
offer(works);
