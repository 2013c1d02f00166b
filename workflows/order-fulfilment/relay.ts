import type { Client } from '@temporalio/client';
import type { OrderEvent } from '../../domains/orders/events.js';
import type { PaymentEvent } from '../../domains/payments/events.js';
import type { ShipmentEvent } from '../../domains/shipping/events.js';
import { idOf, type StreamEvent } from '../../infra/event-store/stored-event.js';
import { runRelay, type HandedOver, type RelayParts, type RunningRelay } from '../../infra/relay/relay.js';
import type { ServiceBus } from '../../infra/service-bus/service-bus.js';
import { signalWorkflow } from '../../infra/temporal/signal-workflow.js';
import { sagaActor } from './command-sender.js';
import { newsSignal, returnIdOf, workflowIdOf, type SagaNews, type Timing } from './fulfilment.js';
import type { OpenOrders } from './open-orders.js';
import { createStarts } from './start-fulfilment.js';

export type OrderRelayParts = Readonly<{
  client: Client;
  bus: Pick<ServiceBus, 'ask'>;
  openOrders: Pick<OpenOrders, 'add' | 'remove'>;
  timing: Timing;
}>;

type Relayed = OrderEvent | PaymentEvent | ShipmentEvent;
type Reaction = (event: StreamEvent) => Promise<HandedOver>;

/** Begins a saga for every order that is placed, and tells sagas of what people, carriers and the provider do. */
export const relayOrders = (parts: OrderRelayParts, relayParts: RelayParts): RunningRelay => {
  const reactions = reactionsWith(parts);
  return runRelay(
    {
      name: 'order-fulfilment',
      categories: ['order', 'payment', 'shipment'],
      types: Object.keys(reactions),
      handOver: async (event) => (await reactions[event.type as Relayed['type']]?.(event)) ?? 'acknowledged',
    },
    relayParts,
  );
};

/** Every type of event that is relayed, with what it leads to. */
const reactionsWith = ({
  client,
  bus,
  openOrders,
  timing,
}: OrderRelayParts): Readonly<Partial<Record<Relayed['type'], Reaction>>> => {
  const starts = createStarts({ client, bus, timing });

  const tell = async ({ id, type, metadata }: StreamEvent, workflowIds: readonly string[]): Promise<HandedOver> => {
    const news: SagaNews = { id, type };
    for (const workflowId of workflowIds) {
      const told = await signalWorkflow(client, metadata, { workflowId, signal: newsSignal, args: [news] });
      if (told !== 'acknowledged') return told;
    }
    return 'acknowledged';
  };
  const tellSaga: Reaction = (event) => tell(event, [workflowIdOf(idOf(event.streamId))]);
  const tellAll: Reaction = async (event) => {
    const orderId = idOf(event.streamId);
    return tell(event, [workflowIdOf(orderId), returnIdOf(orderId), ...(await refundsOf(client, orderId))]);
  };

  const end: Reaction = async ({ streamId }) => {
    await openOrders.remove(idOf(streamId));
    return 'acknowledged';
  };

  return {
    OrderPlaced: async (event) => {
      await openOrders.add(idOf(event.streamId), event.metadata.at);
      return starts.fulfilment(event);
    },
    PaymentMethodOffered: tellSaga,
    CancellationRequested: tellSaga,
    SagaSkipRequested: tellSaga,
    SagaAbortRequested: tellSaga,
    SagaRetryRequested: ofOthers(tellAll),
    ProviderNoticeRecorded: tellSaga,
    RefundRequested: ofOthers(starts.refund),
    ShipmentDispatched: tellSaga,
    TrackingUpdated: tellSaga,
    ShipmentDelivered: tellSaga,
    ReturnRequested: starts.orderReturn,
    OrderDelivered: end,
    OrderReturned: end,
    OrderRejected: end,
    OrderCancelled: end,
  };
};

/** The refunds of an order that are under way: there can be several, known to Temporal alone. */
const refundsOf = async (client: Client, orderId: string): Promise<readonly string[]> => {
  const query = `WorkflowType = 'paymentRefund' and OrderId = '${orderId}' and ExecutionStatus = 'Running'`;
  const found: string[] = [];
  for await (const { workflowId } of client.workflow.list({ query })) found.push(workflowId);
  return found;
};

/** What a saga asked for it does itself. */
const ofOthers =
  (reaction: Reaction): Reaction =>
  async (event) =>
    event.metadata.actor === sagaActor ? 'acknowledged' : reaction(event);
