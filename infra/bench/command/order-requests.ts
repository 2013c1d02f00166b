import { post } from './load.js';
import type { Shop } from './shop.js';

/** One order of every buyer for every product and those after it. */
export const orderRequestsOf = ({ buyers, productIds }: Shop, lines: number): readonly Buffer[] =>
  buyers.flatMap(({ token }) =>
    productIds.map((_, first) =>
      post('/api/v1/orders', token, {
        items: Array.from({ length: lines }, (_, line) => ({
          productId: productIds[(first + line) % productIds.length],
          quantity: 2,
        })),
        paymentMethod: 'pm_ok',
        shippingAddress: {
          name: 'Ada',
          street: '12 St James Square',
          city: 'London',
          postalCode: 'SW1',
          country: 'GB',
        },
      }),
    ),
  );
