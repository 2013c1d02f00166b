import { startEnginesApart } from '../engines/engines-apart.js';
import { createEventStore } from '../event-store/event-store.js';
import { startApart } from './projection/apart.js';
import { emptyDatabase } from './projection/databases.js';
import { appendOrders, eventsPerOrder } from './projection/order-events.js';
import { expectedOutcome, refuseOther } from './projection/order-rows.js';
import type { Memory, OurRunner } from './projection/our-runner/main.js';
import type { Measurement } from './rounds.js';

const orders = 200_000;
const events = orders * eventsPerOrder;

/** What the process may hold at the end, by what it held after the first tenth, in MiB. */
const mostAtTheEnd = (early: number) => 1.3 * early + 64;

/** Builds the view of orders from a million events, in a process of its own: whether its memory stays flat. */
export const measureProjectionMillion = async (report: (line: string) => void): Promise<Measurement> => {
  const engines = await startEnginesApart(['event-store', 'postgres']);
  const eventStoreUrl = engines.env['EVENTSTORE_URL'] ?? '';
  const eventStore = createEventStore(eventStoreUrl);
  const runner = startApart<OurRunner>(new URL('./projection/our-runner/main.js', import.meta.url));
  const reader = startApart<OurRunner>(new URL('./projection/our-runner/main.js', import.meta.url));
  try {
    report(`appending ${events} events`);
    const last = await appendOrders(eventStore, orders);
    report('building the view');
    const postgresUrl = await emptyDatabase(engines.env['POSTGRES_URL'] ?? '', 'million');
    const { seconds, memory } = await runner.ask('catchUp', { eventStoreUrl, postgresUrl, last, isTold: true });
    report('looking at its rows');
    refuseOther('our runner', await reader.ask('outcome', { eventStoreUrl, postgresUrl }), expectedOutcome(orders));
    return judged(events / seconds, memory);
  } finally {
    await Promise.all([runner.stop(), reader.stop()]);
    await eventStore.dispose();
    await engines.stop();
  }
};

const judged = (perSecond: number, memory: readonly Memory[]): Measurement => {
  const [early, end] = [memory[0], memory.at(-1)];
  if (!early || !end) throw new Error('Memory was not looked at');
  const most = mostAtTheEnd(early.resident);
  return {
    lines: [
      `a view of ${events} events is built at ${perSecond.toFixed(0)} events/s`,
      `resident after a tenth ${early.resident.toFixed(0)} MiB, at the end ${end.resident.toFixed(0)} MiB of at most ${most.toFixed(0)} MiB`,
      `heap used after a tenth ${early.heap.toFixed(0)} MiB, at the end ${end.heap.toFixed(0)} MiB`,
      `resident after each tenth, MiB: ${memory.map(({ resident }) => resident.toFixed(0)).join(', ')}`,
    ],
    withinCeilings: end.resident <= most,
  };
};
