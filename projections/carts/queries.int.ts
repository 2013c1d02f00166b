import { everyAggregate } from '../../domains/contexts.js';
import type { RunningProjections } from '../runner/runner.js';
import { readEvents } from '../runner/read-events.js';
import { runViews } from '../runner/testing/run-views.js';
import { onceBuilt, freshAs, startReadSide, type ReadSide } from '../shared/testing/read-side.js';
import { carts } from './projection.js';
import { createCartQueries, type CartQueries } from './queries.js';

let readSide: ReadSide;
let queries: CartQueries;
let view: RunningProjections;

const userId = 'u1';
const append = (type: string, data: object) => readSide.append('cart-u1', { type, data: { userId, ...data } });
const itemsAt = async (position: bigint) => {
  const cart = await queries.ofUser(userId, freshAs('cart', position));
  return cart.items.map(({ productId, quantity }) => [productId, quantity]);
};

beforeAll(async () => {
  readSide = await startReadSide();
  queries = createCartQueries(readSide.mongo);
  view = runViews(readSide, [{ view: carts }], { read: readEvents(everyAggregate) });
});

afterAll(async () => {
  await view.stop();
  await readSide.stop();
});

describe('a cart', () => {
  it('is empty where nothing was ever put in', async () =>
    expect(await queries.ofUser('nobody', onceBuilt)).toEqual({ userId: 'nobody', items: [] }));

  it('is as fresh as a token asks, from its first line to a checkout that is rejected', async () => {
    await append('CartItemSet', { productId: 'p1', quantity: 2 });
    const filled = await append('CartItemSet', { productId: 'p2', quantity: 1 });
    expect(await itemsAt(filled)).toEqual([
      ['p1', 2],
      ['p2', 1],
    ]);
    const lines = [{ productId: 'p1', sku: 'S', name: 'Mug', quantity: 2, unitPrice: { amount: 1, currency: 'EUR' } }];
    const checkout = { orderId: 'o1', lines, address: null, paymentMethod: 'pm_ok' };
    expect(await itemsAt(await append('CartCheckedOut', checkout))).toEqual([]);
    expect(await itemsAt(await append('CheckoutRejected', { orderId: 'o1', code: 'no' }))).toEqual([['p1', 2]]);
  });

  it('is behind when the position does not come in time', () =>
    expect(queries.ofUser(userId, { after: new Map([['cart', 1n << 60n]]), waitMs: 30 })).rejects.toMatchObject({
      code: 'view.behind',
    }));
});
