import { join } from 'node:path';
import { startEngines, type EnginesForTests } from '../../infra/engines/testing/engines-for-tests.js';
import type { ApiCaller } from '../../infra/soak/api-caller.js';
import { openViewedShop, type ViewedShop } from '../../infra/soak/projections-shop.js';
import { writeAndRead } from '../../infra/soak/projections-tokens.js';
import type { RoleProcess } from '../../infra/soak/role-process.js';
import { orderOf } from './testing/shop.js';

const built = (path: string) => join(import.meta.dirname, '../../dist', path);
const entries = { gateway: built('gateway/main.js'), projections: built('projections/main.js') };

let engines: EnginesForTests;
let shop: ViewedShop;
let customer: ApiCaller;
let productId: string;

beforeAll(async () => {
  engines = await startEngines(['event-store', 'postgres', 'mongodb']);
  shop = await openViewedShop({ entries, env: { ...engines.env, MASTER_KEY: 'ab'.repeat(32) } });
  customer = await shop.newCustomer();
  productId = await shop.newProduct();
});
afterAll(async () => {
  await shop.close();
  await engines.stop();
});

const placeOrder = async () => {
  const { body, token } = await customer.send('POST', '/orders', orderOf(productId, 1));
  return { path: `/orders/${(body as { id: string }).id}`, token };
};
const putInCart = async (quantity: number) =>
  (await customer.send('PUT', `/cart/items/${productId}`, { quantity })).token;

const behind = { status: 503, body: { code: 'view.behind' }, retryAfter: expect.stringMatching(/^\d+$/) as string };

describe('whoever writes', () => {
  it('sees what they wrote, each time, while two processes keep the views', async () => {
    // An order, a cart and a product each time.
    expect(await writeAndRead(shop, { times: 100 })).toEqual([]);
  });
});

describe('while those who keep the views are paused', () => {
  const all = (how: 'freeze' | 'thaw') => {
    for (const one of shop.keepers.all) one[how]();
  };
  afterEach(() => all('thaw'));

  it('nobody is shown less than they know of, and everything is shown once they go on', async () => {
    const placed = await placeOrder();
    expect(await customer.get(placed.path, { token: placed.token, waitSeconds: 30 })).toMatchObject({ status: 200 });
    const inCart = await putInCart(1);
    expect(await customer.get('/cart', { token: inCart, waitSeconds: 30 })).toMatchObject({ status: 200 });
    all('freeze');

    const cancelled = await customer.send('POST', `${placed.path}/cancel`, { reason: 'too late' });
    const next = await placeOrder();
    const more = await putInCart(7);
    const [ofCancelled, ofMore] = [cancelled.token, more].map((token) => ({ token, waitSeconds: 0 }));
    const refused = [
      await customer.get(placed.path, ofCancelled),
      await customer.get(next.path, { token: next.token, waitSeconds: 1 }),
      await customer.get('/orders', ofCancelled),
      await customer.get('/cart', ofMore),
    ];
    expect(refused).toMatchObject(refused.map(() => behind));
    // Whoever asks for nothing newer is answered.
    expect(await customer.get(placed.path)).toMatchObject({ status: 200, body: { statusReason: null } });
    expect(await customer.get('/cart')).toMatchObject({ status: 200, body: { items: [{ quantity: 1 }] } });

    all('thaw');
    const seen = { status: 200, body: { status: 'PENDING', statusReason: 'cancelling' } };
    expect(await customer.get(placed.path, { token: cancelled.token, waitSeconds: 30 })).toMatchObject(seen);
    expect(await customer.get(next.path, { token: next.token, waitSeconds: 30 })).toMatchObject({ status: 200 });
    expect(await customer.get('/cart', { token: more, waitSeconds: 30 })).toMatchObject({
      status: 200,
      body: { items: [{ quantity: 7 }] },
    });
  });
});

describe('when one of those who keep the views', () => {
  /** What is answered to reads with the tokens of what was written just now. */
  const readAfterWriting = async () => {
    const { path, token } = await placeOrder();
    const inCart = await putInCart(3);
    const read = [await customer.get(path, { token, waitSeconds: 30 }), await customer.get('/cart', asFreshAs(inCart))];
    return read.map(({ status }) => status);
  };
  const asFreshAs = (token: string) => ({ token, waitSeconds: 30 });

  it.each<[string, (one: RoleProcess) => unknown, (one: RoleProcess) => void]>([
    ['is killed', ({ kill }) => kill(), ({ start }) => start()],
    ['is paused', ({ freeze }) => freeze(), ({ thaw }) => thaw()],
  ])('%s, the other takes its place', async (_what, strike, comeBack) => {
    const [one] = shop.keepers.all as readonly [RoleProcess, RoleProcess];
    await shop.keepers.whenReady();
    await shop.keepers.whenKeeping(one);
    await strike(one);
    expect(await readAfterWriting()).toEqual([200, 200]);
    comeBack(one);
    await shop.keepers.whenReady();
    expect(await readAfterWriting()).toEqual([200, 200]);
  });
});
