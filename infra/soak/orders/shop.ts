import { randomUUID } from 'node:crypto';
import { createApiCaller, register, type ApiCaller } from '../api-caller.js';
import type { OrderPlatform } from './platform.js';

/** What there is to order, and who orders. */
export type OrderShop = Readonly<{
  productIds: readonly string[];
  buyers: readonly ApiCaller[];
  staff: ApiCaller;
}>;

const [products, buyers] = [8, 8];
/** Products of which there is less than is wanted. */
const scarce = 3;

/** Opens a shop for so many orders: of some products there is not enough for all of them. */
export const openOrderShop = async ({ url, staff }: OrderPlatform, orders: number): Promise<OrderShop> => {
  const productIds: string[] = [];
  for (let product = 0; product < products; product += 1) {
    const price = { amount: 500 + 275 * product, currency: 'EUR' };
    const { body } = await staff.send('POST', '/products', { sku: randomUUID(), name: `Mug ${product}`, price });
    const { id } = body as { id: string };
    // An order wants half a piece of each product.
    const quantity = Math.ceil(product < scarce ? orders / 8 : orders * 2);
    await staff.send('POST', `/inventory/${id}/receipts`, { quantity });
    productIds.push(id);
  }
  return { productIds, staff, buyers: await Promise.all(Array.from({ length: buyers }, () => newBuyer(url))) };
};

const newBuyer = async (url: string): Promise<ApiCaller> => {
  const who = { email: `${randomUUID()}@example.org`, password: randomUUID() };
  await register(url, who);
  return createApiCaller(url, who);
};
