import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { startEnginesApart, type EnginesApart } from '../engines/engines-apart.js';
import { randomFrom } from '../event-store-server/faults/random.js';
import { createEventStore } from '../event-store/event-store.js';
import { createSimulatorClient } from '../payment-provider/simulator/simulator-client.js';
import { connectTemporal } from '../temporal/connection.js';
import { figuresOf } from './orders/figures.js';
import { invariants, type Account } from './orders/invariants.js';
import { killMeanwhile } from './orders/kills.js';
import { whenSagasAreCounted } from './orders/metrics.js';
import { placeAll } from './orders/placing.js';
import { openOrderPlatform, type OrderPlatform } from './orders/platform.js';
import { lookAtAll, underWay } from './orders/rest.js';
import { openOrderShop } from './orders/shop.js';
import { watchOrders, type OrderWatch } from './orders/watch.js';
import { failOn, type Soak } from './soak.js';

const paymentRetryWindowSeconds = 20;

/** Within so long all orders have been placed and have come to rest; two cores need less than half of it. */
const boundSeconds = (orders: number) => Math.ceil(240 + 0.9 * orders);

/**
 * Places orders with random payment methods, cancels, returns, refunds and interventions of staff while whoever carries
 * them out is killed; waits until all are at rest, and says of each invariant whether it holds.
 */
export const soakOrders: Soak = async ({ rounds: orders, seed }, say, print) => {
  const engines = await startEnginesApart(['event-store', 'postgres', 'temporal']);
  try {
    say('starting the platform');
    const platform = await openOrderPlatform({ engines: engines.env, paymentRetryWindowSeconds, views: true });
    try {
      await soak({ engines, platform, orders, seed, say, print });
    } finally {
      await platform.close();
    }
  } finally {
    await engines.stop();
  }
};

type Say = (text: string) => void;
type Setting = Readonly<{
  engines: EnginesApart;
  platform: OrderPlatform;
  orders: number;
  seed: number;
  say: Say;
  print: Say;
}>;

const soak = async ({ engines, platform, orders, seed, say, print }: Setting): Promise<void> => {
  const shop = await openOrderShop(platform, orders);
  const eventStore = createEventStore(engines.env['EVENTSTORE_URL'] ?? '');
  const { client, close } = connectTemporal(engines.env['TEMPORAL_ADDRESS'] ?? '');
  const bound = AbortSignal.timeout(boundSeconds(orders) * 1_000);
  const watch = watchOrders(eventStore, bound);
  const kills = killMeanwhile({ workflows: platform.workflows, engines }, orders, randomFrom(seed));
  const begun = performance.now();
  const seconds = () => Math.round((performance.now() - begun) / 1_000);

  const wrong: string[] = [];
  const hold = (name: string, broken: readonly string[]) => {
    print(`${broken.length === 0 ? 'holds' : 'DOES NOT HOLD'}: ${name}`);
    wrong.push(...broken);
  };
  try {
    const answers = await placeAll({ shop, watch, kills, orders, seed, bound, say });
    const placedSeconds = seconds();
    const killed = await kills.done();
    const left = await untilAtRest({ platform, watch, client, bound, say });
    print(`seed ${seed}: people were done after ${placedSeconds} s, and the orders at rest after ${seconds()} s`);
    print(
      `of at most ${boundSeconds(orders)} s; killed: the worker ${killed.workflows} times, Temporal ${killed.temporal}`,
    );
    figuresOf(watch.records).forEach(print);
    hold('every order ends or waits visibly', left);
    hold('whoever asked for something was answered as is right', answers);
    say('asking the provider for its ledger');
    const accounts = await accountsOf(platform, [...watch.records.order.keys()]);
    for (const [name, invariant] of Object.entries(invariants))
      hold(name, invariant({ records: watch.records, accounts }));
    say('waiting until the worker has compared orders and sagas');
    hold('no open order is without its saga', await whenSagasAreCounted(platform.workflows.url));
    failOn('orders', wrong);
  } finally {
    await watch.stop().catch(() => undefined);
    await close();
    await eventStore.dispose();
  }
};

type Resting = Pick<Setting, 'platform' | 'say'> & Readonly<{ watch: OrderWatch; client: Client; bound: AbortSignal }>;

/** Gives what is not at rest when the bound is reached. */
const untilAtRest = async ({ platform, watch, client, bound, say }: Resting): Promise<readonly string[]> => {
  for (;;) {
    const left = underWay(watch.records, await lookAtAll(platform.staff, client));
    if (left.length === 0 || bound.aborted) return left;
    say(`${left.length} are under way, such as: ${left[0] ?? ''}`);
    await pause(1_000);
  }
};

const accountsOf = async (
  { providerUrl: url }: OrderPlatform,
  orderIds: readonly string[],
): Promise<ReadonlyMap<string, Account>> => {
  const provider = createSimulatorClient({ url, timeoutMs: 10_000 });
  const accounts = new Map<string, Account>();
  for (const orderId of orderIds) accounts.set(orderId, await provider.ledger(orderId));
  return accounts;
};
