import { v4 as randomId } from 'uuid';
import { stock } from '../../domains/inventory/stock.js';
import type { StockEvent } from '../../domains/inventory/events.js';
import { createEventStore } from '../../infra/event-store/event-store.js';
import { createSimulatorClient } from '../../infra/payment-provider/simulator/simulator-client.js';
import type { ApiClient } from '../client/api-client.js';
import { eventually } from './testing/eventually.js';
import { startPlatformForTests, type RunningPlatform } from './testing/running-platform.js';
import { newCustomer, newProduct, orderOf, whenEnded } from './testing/shop.js';

const orders = 15;
const inStock = 20;
const killAfter = 5;
const methods = ['pm_ok', 'pm_ok', 'pm_declined', 'pm_ok', 'pm_capture_fails'];

let platform: RunningPlatform;

beforeAll(async () => {
  platform = await startPlatformForTests({ env: { PAYMENT_RETRY_WINDOW_SECONDS: '0', CIRCUIT_OPEN_SECONDS: '1' } });
});
afterAll(async () => {
  await platform.stop();
});

describe('orders', () => {
  it.each([
    'event-store',
    'gateway',
    'projections',
    'workflows',
    'temporal',
    'payment-provider',
    'postgres',
    'mongodb',
  ])(
    'all end, and nothing is lost, when %s is killed among them',
    async (victim) => {
      const productId = await newProduct(platform.staff, inStock);
      const customer = await newCustomer(platform.url);
      const placed = await placeAll(customer, productId, () => platform.killProcess(victim));

      const ended = await Promise.all(placed.map((id) => whenEnded(customer, id)));
      expect(ended).toHaveLength(orders);
      expect(ended.filter(({ status }) => status !== 'PAID' && status !== 'REJECTED')).toEqual([]);
      const paid = ended.filter(({ status }) => status === 'PAID');
      const sold = paid.flatMap(({ items }) => items).reduce((sum, { quantity }) => sum + quantity, 0);
      expect(paid.length).toBeGreaterThan(0);

      const settled = await eventually(async () => {
        const found = await platform.staff.stock(productId);
        return found.reserved === 0 && found;
      });
      expect(settled).toMatchObject({ onHand: inStock - sold, available: inStock - sold });
      expect(await lowestAvailable(productId)).toBeGreaterThanOrEqual(0);
      expect(await moneyKept(placed)).toEqual(new Map(paid.map(({ id, total }) => [id, total.amount])));
      await platform.whenReady(victim);
    },
    240_000,
  );
});

/** Places all orders, five at a time, each as often as it takes; `strike` comes in the middle. */
const placeAll = async (customer: ApiClient, productId: string, strike: () => void): Promise<readonly string[]> => {
  const waiting = Array.from({ length: orders }, (_, index) => ({ key: randomId(), index }));
  const placed: string[] = [];
  const place = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const { key, index } = next;
      const order = orderOf(productId, 1 + (index % 2), methods[index % methods.length]);
      const { id } = await eventually(() => customer.placeOrder(order, key));
      placed.push(id);
      if (placed.length === killAfter) strike();
    }
  };
  await Promise.all(Array.from({ length: 5 }, place));
  return placed;
};

/** The least that was ever available, as the stream tells. */
const lowestAvailable = async (productId: string): Promise<number> => {
  const eventStore = createEventStore(platform.process('event-store').url);
  let state = stock.initial;
  let lowest = 0;
  for await (const { type, data } of eventStore.readStream(`stock-${productId}`)) {
    state = stock.evolve(state, { type, data } as StockEvent);
    lowest = Math.min(lowest, state.onHand - state.reserved);
  }
  await eventStore.dispose();
  return lowest;
};

/** What the provider keeps of each order, where that is anything. It also refuses to be charged twice for one. */
const moneyKept = async (orderIds: readonly string[]): Promise<ReadonlyMap<string, number>> => {
  const provider = createSimulatorClient({ url: platform.process('payment-provider').url, timeoutMs: 5_000 });
  const kept = new Map<string, number>();
  for (const orderId of orderIds) {
    const { captured, refunded, charges } = await provider.ledger(orderId);
    const captures = charges.flatMap((charge) => charge.captures);
    if (captures.length > 1) throw new Error(`Order ${orderId} was charged ${captures.length} times`);
    if (captured !== refunded) kept.set(orderId, captured - refunded);
  }
  return kept;
};
