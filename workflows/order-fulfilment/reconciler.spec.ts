import type { Client } from '@temporalio/client';
import { Registry } from 'prom-client';
import { createWritableLog } from '../../infra/logging/testing/writable-log.js';
import type { OpenOrders } from './open-orders.js';
import { runReconciler } from './reconciler.js';

const never = () => new Promise<never>(() => undefined);
const nothing = () => Promise.resolve();
/** No order is open, and each status has one saga. */
const client = {
  workflow: { count: () => Promise.resolve({ count: 1, groups: [] }) },
  withDeadline: (_deadline: number, call: () => Promise<unknown>) => call(),
} as unknown as Client;

const running = (page: OpenOrders['page'], everyMs?: number) => {
  const { log, line, lines } = createWritableLog();
  const registry = new Registry();
  const openOrders = { add: nothing, remove: nothing, page };
  const reconciler = runReconciler({ openOrders, client, bus: { ask: never }, log, registry }, everyMs);
  return { reconciler, line, lines, registry };
};

it('says once that it cannot be done and once that it can again, and tells what it found', async () => {
  let failures = 3;
  const { reconciler, line, lines, registry } = running(() => {
    failures -= 1;
    return failures < 0 ? Promise.resolve([]) : Promise.reject(new Error('away'));
  }, 1);
  await line(({ msg }) => msg === 'orders and sagas can be compared again');
  await reconciler.stop();
  expect(lines().map(({ msg }) => msg)).toEqual([
    'orders and sagas cannot be compared now',
    'orders and sagas can be compared again',
  ]);
  expect(await registry.metrics()).toContain('evermart_sagas{status="needs_attention"} 1\n');
});

it('stops while it waits for others', async () => {
  let reached: () => void = () => undefined;
  const underWay = new Promise<void>((resolve) => (reached = resolve));
  const { reconciler, lines } = running(() => {
    reached();
    return never();
  }, 1);
  await underWay;
  await reconciler.stop();
  expect(lines()).toEqual([]);
});

it('stops while it pauses', async () => {
  const { reconciler } = running(never);
  await expect(reconciler.stop()).resolves.toBeUndefined();
});
