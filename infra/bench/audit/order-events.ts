import { randomUUID as randomId } from 'node:crypto';
import type { EventStore } from '../../event-store/event-store.js';
import type { NewEvent } from '../../event-store/stored-event.js';
import { newTraceparent } from '../../telemetry/tracing.js';

const ofOneStream = 20;
const callers = 8;

/** Appends so many events of the size of an order with three lines, a multiple of twenty, to as many streams. */
export const appendOrders = async (eventStore: Pick<EventStore, 'append'>, count: number): Promise<void> => {
  let left = count / ofOneStream;
  const call = async () => {
    while (left > 0) {
      left -= 1;
      await eventStore.append(`order-${randomId()}`, Array.from({ length: ofOneStream }, orderEvent), 'no_stream');
    }
  };
  await Promise.all(Array.from({ length: callers }, call));
};

const orderEvent = (): NewEvent => {
  const correlationId = randomId();
  const price = { amount: 1_299, currency: 'EUR' };
  const line = () => ({ productId: randomId(), sku: 'MUG-1', name: 'Mug', quantity: 2, unitPrice: price });
  return {
    ...{ id: randomId(), type: 'OrderPlaced' },
    data: {
      ...{ orderId: randomId(), userId: randomId(), items: [line(), line(), line()] },
      ...{ total: { amount: 7_794, currency: 'EUR' }, paymentMethod: 'pm_ok', shippingAddress: 'x'.repeat(160) },
    },
    metadata: {
      ...{ $correlationId: correlationId, $causationId: correlationId, commandId: correlationId, actor: randomId() },
      ...{ at: new Date().toISOString(), schemaVersion: 1, traceparent: newTraceparent() },
    },
  };
};
