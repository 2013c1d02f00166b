import { v4 as randomId } from 'uuid';
import type { ApiClient, NewOrder } from '../../client/api-client.js';
import { createApiClient } from '../../client/api-client.js';
import { eventually } from './eventually.js';

export const address = {
  name: 'Ada Lovelace',
  street: '12 St James Square',
  city: 'London',
  postalCode: 'SW1',
  country: 'GB',
};

export const orderOf = (productId: string, quantity: number, paymentMethod = 'pm_ok'): NewOrder => ({
  items: [{ productId, quantity }],
  paymentMethod,
  shippingAddress: address,
});

/** A new customer, signed in. */
export const newCustomer = async (url: string): Promise<ApiClient> => {
  const who = { email: `${randomId()}@example.org`, password: randomId() };
  await createApiClient(url).register({ ...who, name: 'Ada Lovelace' });
  return createApiClient(url).signIn(who);
};

/** A new product with so many pieces in stock. */
export const newProduct = async (staff: ApiClient, quantity: number): Promise<string> => {
  const { id } = await staff.addProduct({ sku: randomId(), name: 'Mug', price: { amount: 950, currency: 'EUR' } });
  if (quantity > 0) await staff.receiveStock(id, quantity);
  return id;
};

/** The order once it is no longer PENDING. */
export const whenEnded = (client: ApiClient, orderId: string) =>
  eventually(async () => {
    const order = await client.order(orderId);
    return order.status !== 'PENDING' && order;
  });
