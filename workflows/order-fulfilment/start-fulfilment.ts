import type { Client } from '@temporalio/client';
import type { SearchAttributePair } from '@temporalio/common';
import { isDomainError } from '../../domains/shared/errors.js';
import { idOf, type StreamEvent } from '../../infra/event-store/stored-event.js';
import type { HandedOver } from '../../infra/relay/relay.js';
import type { ServiceBus } from '../../infra/service-bus/service-bus.js';
import { searchAttributes } from '../../infra/temporal/search-attributes.js';
import { startWorkflow } from '../../infra/temporal/start-workflow.js';
import {
  refundIdOf,
  returnIdOf,
  taskQueue,
  workflowIdOf,
  type Fulfilment,
  type Origin,
  type Timing,
} from './fulfilment.js';
import type { orderFulfilment, orderReturn, paymentRefund } from './workflow.js';

/** Begins the workflow that follows from an event. What was begun before, also what has ended, is acknowledged. */
export type Starts = Readonly<
  Record<'fulfilment' | 'orderReturn' | 'refund', (event: StreamEvent) => Promise<HandedOver>>
>;

export type StartParts = Readonly<{ client: Client; bus: Pick<ServiceBus, 'ask'>; timing: Timing }>;

/** All of them throw an Error when Temporal or the orders do not answer, or not for any order. */
export const createStarts = ({ client, bus, timing }: StartParts): Starts => ({
  // An order that is not pending any more has had its saga, also where Temporal has forgotten it.
  fulfilment: async (event) => {
    const origin = originOf(event, workflowIdOf);
    const order = await askOrder(bus, origin.orderId);
    if ('refused' in order) return order;
    if (order.status !== 'PENDING') return 'acknowledged';
    return startWorkflow<typeof orderFulfilment>(client, event.metadata, {
      ...{ type: 'orderFulfilment', workflowId: origin.workflowId, taskQueue, input: { origin, timing, order } },
      ...{ summary: `Order ${origin.orderId}`, details: detailsOf(order) },
      searchAttributes: [
        ...searchedBy(origin.orderId, order.userId),
        { key: searchAttributes.orderTotal, value: order.total.amount },
      ],
    });
  },

  orderReturn: (event) => {
    const origin = originOf(event, returnIdOf);
    return startWorkflow<typeof orderReturn>(client, event.metadata, {
      ...{ type: 'orderReturn', workflowId: origin.workflowId, taskQueue, input: { origin, timing } },
      summary: `Return of order ${origin.orderId}`,
      searchAttributes: searchedBy(origin.orderId, String(event.data['userId'])),
    });
  },

  refund: (event) => {
    const refundId = String(event.data['refundId']);
    const origin = originOf(event, () => refundIdOf(refundId));
    return startWorkflow<typeof paymentRefund>(client, event.metadata, {
      ...{ type: 'paymentRefund', workflowId: origin.workflowId, taskQueue, input: { origin, timing, refundId } },
      summary: `Refund for order ${origin.orderId}`,
      searchAttributes: searchedBy(origin.orderId, String(event.data['userId'])),
    });
  },
});

/** An order of which the orders cannot make sense must not hold up the others. */
const askOrder = async (
  bus: StartParts['bus'],
  orderId: string,
): Promise<Fulfilment | Exclude<HandedOver, 'acknowledged'>> => {
  try {
    const order = (await bus.ask('orders', 'fulfilmentOf', { orderId })) as Fulfilment | null;
    if (!order) throw new Error(`orders does not know order ${orderId} yet`);
    return order;
  } catch (error) {
    if (isDomainError(error) && error.code === 'internal.error') return { refused: error.code, cause: error };
    throw error;
  }
};

const originOf = ({ id, streamId, metadata }: StreamEvent, idFor: (orderId: string) => string): Origin => {
  const orderId = idOf(streamId);
  const { $correlationId: correlationId, traceparent } = metadata;
  return { workflowId: idFor(orderId), orderId, correlationId, causationId: id, traceparent };
};

const searchedBy = (orderId: string, customerId: string): SearchAttributePair[] => [
  { key: searchAttributes.orderId, value: orderId },
  { key: searchAttributes.customerId, value: customerId },
  { key: searchAttributes.sagaStatus, value: 'running' },
  { key: searchAttributes.sagaStep, value: 'begin' },
];

/** Markdown: what was ordered, by ids and amounts. */
const detailsOf = ({ lines, total: { amount, currency } }: Fulfilment): string =>
  [...lines.map(({ productId, quantity }) => `- ${quantity} × ${productId}`), `- total ${amount} ${currency}`].join(
    '\n',
  );
