import { workflowIdOf, type SagaStatus, type Timing } from '../fulfilment.js';
import type { SagaWorld } from './saga-world.js';

/** So often a step is tried within a workflow task. */
export const triesWithinTask = 3;

export const patient: Partial<Timing> = { paymentRetryWindowMs: 60_000 };

export const unanswered = () => Promise.reject(new Error('No answer'));

/** A saga of an order with so many lines; `until` and `ended` give its id once it has come so far. */
export const begun = async (world: SagaWorld, method: string, timing: Partial<Timing> = {}, lines = 1) => {
  const products = await Promise.all(Array.from({ length: lines }, () => world.stocked(1)));
  const placed = await world.placed(method, ...products);
  const orderId = String(placed.data['orderId']);
  const saga = await world.started(placed, timing);
  return {
    orderId,
    until: async (status: SagaStatus) => {
      await world.until(orderId, status);
      return workflowIdOf(orderId);
    },
    ended: async () => {
      await saga.outcome();
      return workflowIdOf(orderId);
    },
  };
};

/** A saga whose payment provider gives no answer. */
export const givenUp = (world: SagaWorld, timing: Partial<Timing> = {}) => {
  world.provider.authorise = unanswered;
  return begun(world, 'pm_ok', timing);
};

export const arrive = async (world: SagaWorld, orderId: string) => {
  await world.send('shipping', 'StartDispatch', { orderId });
  await world.happens(orderId, 'shipping', 'RecordDispatch', { carrier: 'c', trackingNumber: 't' });
  await world.until(orderId, 'waiting_for_delivery');
  await world.happens(orderId, 'shipping', 'RecordDelivery');
};

/** The key of a step begins with `order-<orderId>/`. */
export const orderOf = (key: string) => key.split('/')[0]?.slice('order-'.length);
