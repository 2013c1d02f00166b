import type { Client } from '@temporalio/client';
import type { ApiCaller } from '../api-caller.js';
import { statusOf, type OrderStatus } from '../order-status.js';
import { countOf, eventsOf, type RecordedEvent, type Records } from './records.js';

/** An order as those see it who may only read: by its view, and by its saga as Temporal tells of it. */
export type Seen = Readonly<{
  views: ReadonlyMap<string, Readonly<{ status: string; statusReason: string | null }>>;
  /** Workflows by their ids; `status` is what a saga says of itself. */
  workflows: ReadonlyMap<string, Readonly<{ execution: string; status: string }>>;
}>;

/** What is still under way, or is not shown as it is; nothing where every order has ended, or waits for people. */
export const underWay = (records: Records, { views, workflows }: Seen): readonly string[] => [
  ...[...records.order].flatMap(([orderId, order]) => {
    const status = statusOf(order);
    const saga = workflows.get(`order-${orderId}`);
    const view = views.get(orderId);
    const wrong = [
      ...whatIsOpen(records, orderId, order),
      ...(view?.status === status ? [] : [`its view says ${view?.status ?? 'nothing'}`]),
      ...(isTold(status, view?.statusReason) ? [] : [`its view gives as reason ${view?.statusReason ?? 'nothing'}`]),
      ...(isCarried(status, saga) ? [] : [`its saga is ${saga ? `${saga.execution}, ${saga.status}` : 'not there'}`]),
    ];
    return wrong.length === 0 ? [] : [`order ${orderId} is ${status}: ${wrong.join(', ')}`];
  }),
  ...[...workflows]
    .filter(([id, { execution }]) => !/^order-(?!return-)/.test(id) && execution !== 'COMPLETED')
    .map(([id, { execution }]) => `${id} is ${execution}`),
];

const whatIsOpen = (records: Records, orderId: string, order: readonly RecordedEvent[]): readonly string[] => {
  const count = (type: string) => countOf(records, orderId, type);
  const hasReturned = count('OrderReturned') === 1;
  return [
    ...(statusOf(order) === 'PENDING' ? ['it is neither paid nor ended'] : []),
    ...(count('ReturnRequested') === 1 && !hasReturned ? ['its return has not ended'] : []),
    ...refundsUnderWay(records, orderId).map((refundId) => `refund ${refundId} has no outcome`),
  ];
};

const refundsUnderWay = (records: Records, orderId: string): readonly string[] => {
  const idsOf = (...types: readonly string[]) =>
    eventsOf(records, orderId)
      .filter(({ type }) => types.includes(type))
      .map(({ data }) => String(data['refundId']));
  const settled = idsOf('PaymentRefunded', 'RefundRefused');
  return idsOf('RefundRequested').filter((refundId) => !settled.includes(refundId));
};

/** Whoever was rejected or cancelled is told why; no other order at rest has anything to say. */
const isTold = (status: OrderStatus, reason: string | null | undefined) =>
  status === 'REJECTED' || status === 'CANCELLED' ? typeof reason === 'string' : reason === null;

const isCarried = (status: OrderStatus, saga: Readonly<{ execution: string; status: string }> | undefined) => {
  const wait = waits[status];
  if (wait === undefined) return saga?.execution === 'COMPLETED';
  return saga?.execution === 'RUNNING' && saga.status === wait;
};

const waits: Readonly<Partial<Record<OrderStatus, string>>> = {
  PAID: 'waiting_for_dispatch',
  SHIPPED: 'waiting_for_delivery',
};

/** Reads all orders by the API and all workflows by Temporal's list. @throws Error where one of them does not answer. */
export const lookAtAll = async (staff: ApiCaller, client: Client): Promise<Seen> => {
  const views = new Map<string, Readonly<{ status: string; statusReason: string | null }>>();
  for (let cursor: string | null = ''; cursor !== null;) {
    const { status, body } = await staff.get(`/orders?limit=100${cursor === '' ? '' : `&cursor=${cursor}`}`);
    if (status !== 200) throw new Error(`GET /orders gave ${status}: ${JSON.stringify(body)}`);
    const page = body as OrderPage;
    for (const view of page.items) views.set(view.id, view);
    cursor = page.nextCursor;
  }

  const workflows = new Map<string, Readonly<{ execution: string; status: string }>>();
  for await (const { workflowId, status, typedSearchAttributes } of client.workflow.list({ query, pageSize: 500 })) {
    const saga = typedSearchAttributes.getAll().find(({ key }) => key.name === 'SagaStatus')?.value;
    workflows.set(workflowId, { execution: status.name, status: String(saga) });
  }
  return { views, workflows };
};

type OrderPage = Readonly<{
  items: readonly Readonly<{ id: string; status: string; statusReason: string | null }>[];
  nextCursor: string | null;
}>;

const query = `WorkflowType IN ('orderFulfilment', 'orderReturn', 'paymentRefund')`;
