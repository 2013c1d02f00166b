import { quantiles } from './quantiles.js';
import type { ApiCaller } from './api-caller.js';
import type { ViewedShop } from './projections-shop.js';

export type TokensSettings = Readonly<{
  /** How often an order is placed, a cart filled and stock received. */
  times: number;
  onProgress?: (text: string) => void;
}>;

/** So many people write and read at the same time. */
const people = 4;

const shippingAddress = { name: 'Ada', street: '12 St James Square', city: 'London', postalCode: 'SW1', country: 'GB' };

/**
 * Places orders, fills carts and receives stock, and reads each with the token of its answer at once: from PostgreSQL
 * and from MongoDB, with two processes that keep the views. Says what was not seen.
 */
export const writeAndRead = async (
  shop: ViewedShop,
  { times, onProgress = () => undefined }: TokensSettings,
): Promise<readonly string[]> => {
  const wrong: string[] = [];
  const took = new Map(Object.keys(kinds).map((kind) => [kind, [] as number[]]));
  let done = 0;
  const person = async () => {
    const parts = { staff: shop.staff, customer: await shop.newCustomer(), productId: await shop.newProduct() };
    for (let pieces = 1; done < times; pieces += 1) {
      done += 1;
      for (const [kind, writtenAndSeen] of Object.entries(kinds)) {
        const begun = performance.now();
        wrong.push(...(await writtenAndSeen(parts, pieces)));
        took.get(kind)?.push(performance.now() - begun);
      }
      if (done % 50 === 0) onProgress(`${done} of ${times}, written and seen: ${inWords(took)}`);
    }
  };
  await Promise.all(Array.from({ length: people }, person));
  return wrong;
};

const inWords = (took: ReadonlyMap<string, readonly number[]>): string =>
  [...took].map(([kind, times]) => `${kind} ${quantiles(times)}`).join('; ');

type Parts = Readonly<{ staff: ApiCaller; customer: ApiCaller; productId: string }>;

const placedAndSeen = async ({ customer, productId }: Parts): Promise<readonly string[]> => {
  const order = { items: [{ productId, quantity: 1 }], paymentMethod: 'pm_ok', shippingAddress };
  const { body, token } = await customer.send('POST', '/orders', order);
  const { id } = body as { id: string };
  const seen = await customer.get(`/orders/${id}`, { token, waitSeconds: 30 });
  const { id: seenId } = seen.body as { id?: string };
  return seen.status === 200 && seenId === id ? [] : [`order ${id}: ${seen.status} ${JSON.stringify(seen.body)}`];
};

const inCart = async ({ customer, productId }: Parts, quantity: number): Promise<readonly string[]> => {
  const { token } = await customer.send('PUT', `/cart/items/${productId}`, { quantity });
  const seen = await customer.get('/cart', { token, waitSeconds: 30 });
  const { items = [] } = seen.body as { items?: readonly { productId: string; quantity: number }[] };
  const isSeen = items.some((item) => item.productId === productId && item.quantity === quantity);
  return isSeen ? [] : [`cart with ${quantity} of ${productId}: ${seen.status} ${JSON.stringify(seen.body)}`];
};

/** Each receipt is of one piece, and nobody else receives this product. */
const inStock = async ({ staff, customer, productId }: Parts, pieces: number): Promise<readonly string[]> => {
  const { token } = await staff.send('POST', `/inventory/${productId}/receipts`, { quantity: 1 });
  const seen = await customer.get(`/products/${productId}`, { token, waitSeconds: 30 });
  const { available } = seen.body as { available?: number };
  return available === pieces ? [] : [`${pieces} of ${productId}: ${seen.status} ${JSON.stringify(seen.body)}`];
};

/** What is written and read, one after another; all things but the first are in MongoDB. */
const kinds: Readonly<Record<string, (parts: Parts, pieces: number) => Promise<readonly string[]>>> = {
  order: placedAndSeen,
  cart: inCart,
  stock: inStock,
};
