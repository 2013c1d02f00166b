import type { ApiCaller } from '../../soak/api-caller.js';
import type { OrderPlatform } from '../../soak/orders/platform.js';
import { countOf } from '../../soak/orders/records.js';
import { openOrderShop } from '../../soak/orders/shop.js';
import type { OrderWatch } from '../../soak/orders/watch.js';
import { inFlight, type Flight } from './in-flight.js';

/** Whoever places orders of one line, and waits until they are paid. */
export type Placer = Readonly<{
  /** Places orders, `most` at a time, each from before its request to the moment at which its `OrderPaid` is heard of. */
  run: (times: number, most: number) => Promise<Flight>;
  /** Resolves once no saga has anything left to do. */
  whenIdle: () => Promise<void>;
}>;

/** @throws Error with whatever an order was refused with. */
export const openPlacer = async (platform: OrderPlatform, watch: OrderWatch): Promise<Placer> => {
  // So many that every order can be fulfilled.
  const { productIds, buyers } = await openOrderShop(platform, 100_000);
  const placed: string[] = [];
  const seen = (orderId: string, type: string) =>
    watch.until(orderId, (records) => countOf(records, orderId, type) > 0);

  const place = async (): Promise<void> => {
    const buyer = buyers[placed.length % buyers.length] as ApiCaller;
    const productId = productIds[placed.length % productIds.length];
    const { body } = await buyer.send('POST', '/orders', { ...order, items: [{ productId, quantity: 1 }] });
    const { id } = body as { id: string };
    placed.push(id);
    await seen(id, 'OrderPaid');
  };

  return {
    run: (times, most) => inFlight(times, most, place),
    whenIdle: async () => {
      for (const orderId of placed) await seen(orderId, 'ShipmentCreated');
    },
  };
};

const order = {
  paymentMethod: 'pm_ok',
  shippingAddress: { name: 'Ada', street: '12 St James Square', city: 'London', postalCode: 'SW1', country: 'GB' },
};
