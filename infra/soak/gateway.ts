import { setTimeout as pause } from 'node:timers/promises';
import { startEnginesApart } from '../engines/engines-apart.js';
import { randomFrom } from '../event-store-server/faults/random.js';
import { createCalls } from './gateway/calls.js';
import { newCustomer } from './gateway/customer.js';
import { figuresOf, tableOf } from './gateway/figures.js';
import { visit, type Town } from './gateway/visits.js';
import { connectionsTo, growthOf, openFilesOf, watchMemory, type Sample } from './gateway/watched-process.js';
import { openOrderPlatform, type OrderPlatform } from './orders/platform.js';
import { openOrderShop } from './orders/shop.js';
import { failOn, type Soak, type SoakOptions } from './soak.js';

const [customers, atOnce] = [20, 16];

/** What the gateway's memory may grow by in the last quarter, in MiB: caches fill, and heaps are let grow. */
const mostGrowth = 64;

/** Connections that nobody uses are closed within so many seconds. */
const restSeconds = 30;

/** Files that stay open once everything was used: connections to engines. The pool of MongoDB has the most, 100. */
const mostMoreFiles = 120;

/**
 * Lets people shop at the whole platform, as fast as it goes, for as many minutes as there are rounds: they browse, fill
 * carts, order, read, follow, sign in, are refused and hang up. Nothing may be answered with a fault or otherwise than it
 * should, and the gateway may neither grow nor keep a connection.
 */
export const soakGateway: Soak = async (options, say, print) => {
  const engines = await startEnginesApart(['event-store', 'postgres', 'mongodb', 'temporal']);
  try {
    say('starting the platform');
    const platform = await openOrderPlatform({ engines: engines.env, paymentRetryWindowSeconds: 0, views: true });
    try {
      await soak(platform, options, { say, print });
    } finally {
      await platform.close();
    }
  } finally {
    await engines.stop();
  }
};

type Out = Readonly<Record<'say' | 'print', (text: string) => void>>;

const soak = async (platform: OrderPlatform, { rounds: minutes, seed, isJson }: SoakOptions, { say, print }: Out) => {
  const { gateway } = platform;
  const calls = createCalls(gateway.url);
  const random = randomFrom(seed);
  const { productIds } = await openOrderShop(platform, 1_000_000);
  const town: Town = { calls, productIds, random, customers: [] };
  for (let one = 0; one < customers; one += 1) town.customers.push(await newCustomer(calls));
  const filesBefore = await openFilesOf(gateway.pid());

  const over = AbortSignal.timeout(minutes * 60_000);
  const memory = watchMemory(gateway.url, over);
  const progress = setInterval(() => say(`${total(calls.counted)} requests, ${calls.wrong.length} wrong`), 5_000);
  const began = performance.now();
  const go = async () => {
    while (!over.aborted) await visit(town);
  };
  await Promise.all(Array.from({ length: atOnce }, go)).finally(() => clearInterval(progress));
  const seconds = (performance.now() - began) / 1_000;
  const samples = await memory;

  say('waiting until every connection is closed');
  const connections = await connectionsAtRest(gateway.url);
  const moreFiles = (await openFilesOf(gateway.pid())) - filesBefore;
  const figures = figuresOf(calls.counted);
  const growth = { heap: growthBy(samples, 'heap'), outside: growthBy(samples, 'outside') };
  const perSecond = total(calls.counted) / seconds;
  if (isJson) print(JSON.stringify({ seed, seconds, perSecond, figures, growth, connections, moreFiles, samples }));
  else {
    tableOf(figures).forEach(print);
    print(`${total(calls.counted)} requests in ${seconds.toFixed(0)} s, ${perSecond.toFixed(0)} a second`);
    print(
      `the heap grew by ${growth.heap.toFixed(1)} MiB, memory outside by ${growth.outside.toFixed(1)} MiB, in the last quarter`,
    );
    print(`at rest: ${connections} connections, ${moreFiles} open files more than before`);
  }
  failOn('gateway', [
    ...calls.wrong,
    ...Object.entries(growth)
      .filter(([, grown]) => grown > mostGrowth)
      .map(([what, grown]) => `its memory (${what}) grew by ${grown.toFixed(0)} MiB in the last quarter`),
    ...(connections > 0 ? [`${connections} connections stayed open`] : []),
    ...(moreFiles > mostMoreFiles ? [`${moreFiles} more files are open than before`] : []),
  ]);
};

const total = (counted: ReadonlyMap<string, Readonly<{ milliseconds: readonly number[] }>>): number =>
  [...counted.values()].reduce((sum, { milliseconds }) => sum + milliseconds.length, 0);

const growthBy = (samples: readonly Sample[], what: 'heap' | 'outside'): number =>
  growthOf(samples.map((sample) => sample[what]));

/** How many stayed open. Looking at them opens none. */
const connectionsAtRest = async (url: string): Promise<number> => {
  const port = Number(new URL(url).port);
  for (let second = 0; second < restSeconds && (await connectionsTo(port)) > 0; second += 1) await pause(1_000);
  return connectionsTo(port);
};
