import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { ApiCaller } from '../api-caller.js';
import type { OrderPlan } from './plans.js';
import { countOf, type Records } from './records.js';
import type { OrderShop } from './shop.js';
import type { OrderWatch } from './watch.js';

/** By this reason the refunds of staff are known from those of a saga. */
export const staffReason = 'a gesture of goodwill';

export type StoryParts = Readonly<{
  shop: OrderShop;
  watch: OrderWatch;
  onPlaced: (orderId: string) => void;
  /** Hears of every answer that nobody should get. */
  onWrong: (what: string) => void;
}>;

type Asked = Readonly<{ by: ApiCaller; path: string; body: object; method?: 'POST' | 'PUT' }>;

/** Places an order and does with it what people do, as its plan says; resolves when they have done all of it. */
export const playStory = async (
  { shop, watch, onPlaced, onWrong }: StoryParts,
  plan: OrderPlan,
  buyer: ApiCaller,
): Promise<void> => {
  /** Says whether it was accepted. A request that comes when the order has gone on is refused, which is as it should be. */
  const ask = async ({ by, path, body, method = 'POST' }: Asked): Promise<boolean> => {
    const { status, body: answer } = await by.attempt(method, path, body);
    if (status !== 202 && status !== 409) onWrong(`${method} ${path} gave ${status}: ${JSON.stringify(answer)}`);
    return status === 202;
  };

  const place = async (): Promise<string | undefined> => {
    const items = plan.lines.map(({ product, quantity }) => ({ productId: shop.productIds[product] ?? '', quantity }));
    const order = { items, paymentMethod: plan.methods[0], shippingAddress };
    const key = randomUUID();
    const answers = await Promise.all(
      Array.from({ length: plan.isSentTwice ? 2 : 1 }, () => buyer.attempt('POST', '/orders', order, key)),
    );
    const ids = new Set(answers.map(({ status, body }) => (status === 201 ? (body as { id: string }).id : undefined)));
    const [orderId] = ids;
    if (ids.size === 1 && orderId !== undefined) return orderId;
    onWrong(`POST /orders gave ${JSON.stringify(answers.map(({ status, body }) => ({ status, body })))}`);
    return undefined;
  };

  /** Waits for an event, and says whether it came before the order was over, or another that rules it out. */
  const comes = async (
    orderId: string,
    type: string,
    { times = 1, unless }: { times?: number; unless?: string } = {},
  ): Promise<boolean> => {
    const hasCome = (records: Records) => countOf(records, orderId, type) >= times;
    const isRuledOut = (records: Records) => unless !== undefined && countOf(records, orderId, unless) > 0;
    await watch.until(orderId, (records) => hasCome(records) || isRuledOut(records) || isOver(records, orderId));
    return hasCome(watch.records);
  };

  const offerOthers = async (orderId: string) => {
    const offer = (paymentMethod: string) => ask({ by: buyer, path: '/payments', body: { orderId, paymentMethod } });
    if (plan.earlyMethod !== null) await offer(plan.earlyMethod);
    for (const [index, method] of plan.methods.slice(1).entries()) {
      // A method that was offered early may have been taken instead.
      const isWanted = await comes(orderId, 'PaymentDeclined', { times: index + 1, unless: 'OrderPaid' });
      if (!isWanted || !(await offer(method))) return;
    }
  };

  const refund = async (orderId: string) => {
    const { refunds } = plan;
    if (!refunds || !(await comes(orderId, 'OrderPaid'))) return;
    const bodies =
      'all' in refunds
        ? [{ reason: staffReason }]
        : Array.from({ length: refunds.parts }, () => ({ reason: staffReason, amount: part }));
    const path = `/payments/${orderId}/refunds`;
    await Promise.all(bodies.map((body) => ask({ by: shop.staff, path, body })));
  };

  /** The house and the customer, as far as they go with this order. */
  const carry = async (orderId: string) => {
    const setStatus = (status: string) =>
      ask({ by: shop.staff, method: 'PUT', path: `/orders/${orderId}/status`, body: { status } });
    if (plan.until === 'PAID' || !(await comes(orderId, 'ShipmentCreated'))) return;
    if (!(await setStatus('SHIPPED')) || plan.until === 'SHIPPED') return;
    if (!(await setStatus('DELIVERED')) || plan.until === 'DELIVERED') return;
    if (!(await comes(orderId, 'OrderDelivered'))) return;
    await ask({ by: buyer, path: `/orders/${orderId}/returns`, body: { reason: 'it broke' } });
  };

  const cancel = async (orderId: string) => {
    if (!plan.cancel) return;
    await pause(plan.cancel.afterMs);
    const by = plan.cancel.by === 'staff' ? shop.staff : buyer;
    await ask({ by, path: `/orders/${orderId}/cancel`, body: {} });
  };

  const steer = async (orderId: string) => {
    if (!plan.staffWants) return;
    await pause(plan.staffWants.afterMs);
    await ask({ by: shop.staff, path: `/orders/${orderId}/saga/${plan.staffWants.what}`, body: {} });
  };

  const orderId = await place();
  if (orderId === undefined) return;
  onPlaced(orderId);
  await Promise.all([offerOthers, refund, carry, cancel, steer].map((part) => part(orderId)));
};

const isOver = (records: Records, orderId: string) =>
  countOf(records, orderId, 'OrderRejected') + countOf(records, orderId, 'OrderCancelled') > 0;

/** Less than the least order, however often it is given back. */
const part = { amount: 100, currency: 'EUR' };

const shippingAddress = {
  name: 'Ada',
  street: '12 St James Square',
  city: 'London',
  postalCode: 'SW1',
  country: 'GB',
};
