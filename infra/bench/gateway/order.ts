import { randomUUID } from 'node:crypto';

/** What is sent over and over: an order of three lines. */
export const order = {
  items: [
    { productId: 'mug', quantity: 2 },
    { productId: 'plate', quantity: 4 },
    { productId: 'spoon', quantity: 6 },
  ],
  paymentMethod: 'pm_ok',
  shippingAddress: { name: 'Ada', street: '12 St James Square', city: 'London', postalCode: 'SW1Y 4JH', country: 'GB' },
};

type Ordered = Readonly<{ items: readonly Readonly<{ productId: string; quantity: number }>[] }>;

/** What is answered to it, at a price that is known: neither an aggregate nor a store has a part in what is measured. */
export const placed = ({ items }: Ordered, userId: string, id: string = randomUUID()) => {
  const lines = items.map(({ productId, quantity }) => ({
    productId,
    sku: `SKU-${productId}`,
    name: productId,
    quantity,
    unitPrice,
  }));
  const pieces = items.reduce((sum, { quantity }) => sum + quantity, 0);
  return { id, userId, items: lines, total: { amount: pieces * unitPrice.amount, currency: 'EUR' }, status: 'PENDING' };
};

const unitPrice = { amount: 950, currency: 'EUR' };

/** What every right answer ends with: all but whose order it is. */
export const expected = (): string => {
  const { items, total, status } = placed(order, '');
  return JSON.stringify({ items, total, status }).slice(1);
};

/** Where the order is, and how far the log was written: the headers that an answer has beside its type and its length. */
export const headersOf = (id: string) => ({ location: `/api/v1/orders/${id}`, 'x-consistency-token': '4711.order' });
