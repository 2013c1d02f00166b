import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { StreamEvent } from '../../../infra/event-store/stored-event.js';
import { invariantsOf } from '../../../infra/soak/saga-matrix-invariants.js';
import { signalWorkflow } from '../../../infra/temporal/signal-workflow.js';
import {
  newsSignal,
  progressQuery,
  refundIdOf,
  returnIdOf,
  workflowIdOf,
  type SagaProgress,
  type SagaStatus,
  type Timing,
} from '../fulfilment.js';
import { createStarts } from '../start-fulfilment.js';
import { injectFaults, type Failure, type Fault } from './faults.js';
import { price, shortTiming, type SagaWorld } from './saga-world.js';

/** What becomes of an order, and so which steps its sagas take. */
export type Path = keyof typeof callsOf;

const reserving = ['inventory ReserveStock'];
const paying = [
  ...['payments RequestAuthorisation', 'provider authorise', 'payments RecordAuthorisation', 'orders fulfilmentOf'],
  ...['payments RequestCapture', 'provider capture', 'payments RecordCapture', 'orders MarkOrderPaid'],
];
const delivering = ['inventory CommitReservation', 'shipping CreateShipment', 'shipping shipmentOf'];
const refunding = ['payments standingOf', 'payments RequestRefund', 'provider refund', 'payments RecordRefund'];

/** Every call that a path adds to those of the paths before it. */
export const callsOf = {
  delivered: [...reserving, ...paying, ...delivering, 'orders MarkOrderShipped', 'orders MarkOrderDelivered'],
  'out of stock': ['inventory ReleaseReservation', 'orders RejectOrder'],
  declined: ['payments RecordDecline', 'orders RejectOrder', 'inventory ReleaseReservation'],
  'capture refused': [
    ...['payments RecordCaptureRefusal', 'payments RequestVoid', 'provider voidAuthorisation', 'payments RecordVoid'],
    ...['inventory ReleaseReservation', 'orders RejectOrder'],
  ],
  cancelled: ['shipping CancelShipment', ...refunding, 'inventory ReturnStock', 'orders CancelOrder'],
  returned: ['shipping RecordReturn', 'inventory ReturnStock', ...refunding, 'orders MarkOrderReturned'],
  'refunded by staff': ['payments standingOf', 'provider refund', 'payments RecordRefund'],
  'paid with another method': ['payments RequestAuthorisation', 'provider authorise', 'provider capture'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** A question changes nothing, and nobody refuses to answer it; the provider does not say that it is away. */
export const isPossible = (call: string, failure: Failure): boolean => {
  if (/ \w+Of$/.test(call)) return failure === 'transient';
  return !(call.startsWith('provider ') && failure === 'transient');
};

const methods: Readonly<Partial<Record<Path, string>>> = {
  declined: 'pm_declined',
  'paid with another method': 'pm_declined',
  'capture refused': 'pm_capture_fails',
};

/** What staff do about a step that needs them; what was wrong is mended before. */
export type Staff = 'RequestSagaRetry' | 'RequestSagaSkip' | 'RequestSagaAbort' | 'RequestCancellation';

/** `staff` ask again where nothing else is said; `timing` where it is not the short one. */
export type Case = Readonly<{
  path: Path;
  fault: Fault;
  staff?: Staff | undefined;
  timing?: Partial<Timing>;
}>;

/** An order under way. */
export type Ordered = Readonly<{
  orderId: string;
  /** Sends a command of somebody else, and tells the saga of it. */
  tell: (context: string, type: string, data?: object) => Promise<void>;
  /** What is wrong with it now. */
  wrong: () => Promise<readonly string[]>;
  /** What is wrong with it in the end. */
  done: Promise<readonly string[]>;
}>;

const over: readonly SagaStatus[] = ['fulfilled', 'rejected', 'cancelled', 'nothing_to_do'];

/** Takes orders along their paths while something goes wrong with each. */
export const openFailures = (world: SagaWorld) => {
  const faults = injectFaults(world);
  const starts = (timing: Partial<Timing>) =>
    createStarts({ client: world.temporal.client, bus: world.bus, timing: { ...shortTiming, ...timing } });

  /** `before` is done when the order is placed, and its saga not begun yet. */
  const order = async (
    given: Case,
    before: (placed: Pick<Ordered, 'orderId' | 'tell'>) => void = () => undefined,
  ): Promise<Ordered> => {
    const { path, fault, timing: asked = {} } = given;
    const timing = path === 'paid with another method' ? { ...patient, ...asked } : asked;
    const products = [await world.stocked(1, 'a'), await world.stocked(path === 'out of stock' ? 0 : 1, 'b')];
    const placed = await world.placed(methods[path] ?? 'pm_ok', ...products);
    const orderId = String(placed.data['orderId']);
    if (!isLater(path)) faults.of(orderId, fault);
    const tell = tellOf(placed, workflowIdOf(orderId));
    before({ orderId, tell });
    await world.started(placed, timing);

    const travel = async () => {
      await follow(
        workflowIdOf(orderId),
        reactionsOf(given, tell, () => faults.of(orderId, fault)),
      );
      if (path === 'returned') await takeBack();
      if (path === 'refunded by staff') await refund();
      return wrongWith(orderId, products);
    };

    const takeBack = async () => {
      faults.of(orderId, fault);
      await world.send('orders', 'RequestReturn', { orderId, reason: 'broken' });
      await starts(timing).orderReturn(await lastOf(`order-${orderId}`));
      await follow(returnIdOf(orderId), reactionsOf(given, tellOf(placed, returnIdOf(orderId))));
    };

    const refund = async () => {
      faults.of(orderId, fault);
      const refundId = randomUUID();
      faults.refund(refundId, orderId);
      const amount = { ...price, amount: 100 };
      await world.send('payments', 'RequestRefund', { orderId, refundId, amount, reason: 'kind' });
      await starts(timing).refund(await lastOf(`payment-${orderId}`));
      await follow(refundIdOf(refundId), reactionsOf(given, tellOf(placed, refundIdOf(refundId))));
    };

    return { orderId, tell, wrong: () => wrongWith(orderId, products), done: travel() };
  };

  const lastOf = async (stream: string): Promise<StreamEvent> => {
    const last = (await world.streamOf(stream)).at(-1);
    if (!last) throw new Error(`There is nothing in ${stream}`);
    return last;
  };

  const tellOf =
    ({ data, metadata }: StreamEvent, workflowId: string): Ordered['tell'] =>
    async (context, type, more = {}) => {
      await world.send(context, type, { orderId: data['orderId'], ...more });
      const news = { id: randomUUID(), type: eventOf[type] ?? type };
      await signalWorkflow(world.temporal.client, metadata, { workflowId, signal: newsSignal, args: [news] });
    };

  /** Does once what is to be done at each status, until the saga has ended. */
  const follow = async (workflowId: string, reactions: Reactions) => {
    const left = new Map(Object.entries(reactions) as [SagaStatus, () => Promise<void>][]);
    for (;;) {
      const status = await statusOf(workflowId);
      if (status !== undefined && over.includes(status)) return;
      const react = status && left.get(status);
      if (status) left.delete(status);
      await react?.();
      await pause(250);
    }
  };

  /** Nothing where nobody answers, since the worker or Temporal was killed or waits for what hangs. */
  const statusOf = async (workflowId: string): Promise<SagaStatus | undefined> => {
    const { client } = world.temporal;
    try {
      const ask = () => client.workflow.getHandle(workflowId).query<SagaProgress>(progressQuery);
      return (await client.withDeadline(Date.now() + 5_000, ask)).status;
    } catch {
      return undefined;
    }
  };

  const wrongWith = async (orderId: string, products: readonly string[]): Promise<readonly string[]> => {
    const [placed, payment, shipment, ...stocks] = await Promise.all(
      [`order-${orderId}`, `payment-${orderId}`, `shipment-${orderId}`, ...products.map((id) => `stock-${id}`)].map(
        (stream) => world.streamOf(stream),
      ),
    );
    const { charges } = await world.ledgerOf(orderId);
    const isWaiting = false;
    return invariantsOf({
      ...{ orderId, isWaiting, charges, stocks },
      ...{ order: placed ?? [], payment: payment ?? [], shipment: shipment ?? [] },
    });
  };

  return { order, wrongWith, faults };
};

type Reactions = Readonly<Partial<Record<SagaStatus, () => Promise<void>>>>;

const reactionsOf = (
  { path, fault, staff }: Case,
  tell: Ordered['tell'],
  begin: () => void = () => undefined,
): Reactions => ({
  waiting_for_payment: async () => {
    begin();
    await tell('orders', 'OfferPaymentMethod', { paymentMethod: 'pm_ok' });
  },
  waiting_for_dispatch: async () => {
    if (path === 'cancelled') return tell('orders', 'RequestCancellation', { reason: null });
    await tell('shipping', 'StartDispatch');
    await tell('shipping', 'RecordDispatch', { carrier: 'c', trackingNumber: 't' });
  },
  waiting_for_delivery: () => tell('shipping', 'RecordDelivery'),
  needs_attention: async () => {
    fault.times = 0;
    await tell('orders', staff ?? 'RequestSagaRetry', staff === 'RequestCancellation' ? { reason: null } : {});
  },
});

const isLater = (path: Path) =>
  path === 'returned' || path === 'refunded by staff' || path === 'paid with another method';

const patient: Partial<Timing> = { paymentRetryWindowMs: 3_000 };

const eventOf: Readonly<Record<string, string>> = {
  RequestCancellation: 'CancellationRequested',
  OfferPaymentMethod: 'PaymentMethodOffered',
  RequestSagaRetry: 'SagaRetryRequested',
  RequestSagaSkip: 'SagaSkipRequested',
  RequestSagaAbort: 'SagaAbortRequested',
};

export const newFault = (call: string, failure: Fault['failure'], times = 1): Fault => ({
  call,
  failure,
  times,
  struck: 0,
});
