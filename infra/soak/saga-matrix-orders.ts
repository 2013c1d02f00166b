import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { statusOf } from './order-status.js';
import { invariantsOf } from './saga-matrix-invariants.js';
import type { Failure, Fault } from './saga-matrix-proxy.js';
import type { SagaShop } from './saga-matrix-shop.js';

const paying = [
  ...['inventory ReserveStock', 'payments RequestAuthorisation', 'provider authorise', 'payments RecordAuthorisation'],
  ...['orders fulfilmentOf', 'payments RequestCapture', 'provider capture', 'payments RecordCapture'],
  ...['orders MarkOrderPaid', 'inventory CommitReservation', 'shipping CreateShipment', 'shipping shipmentOf'],
  ...['orders MarkOrderDelivered'],
];
const refunding = ['payments standingOf', 'payments RequestRefund', 'provider refund', 'payments RecordRefund'];

/** Every call of a saga that a path adds to those of the paths before it. */
export const callsOf = {
  delivered: paying,
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

export type Path = keyof typeof callsOf;

/** What staff may do about a step that failed for so long that it needs them. */
export const staffRequests = [
  ...(['RequestSagaRetry', 'RequestSagaSkip', 'RequestSagaAbort', 'RequestCancellation'] as const),
];

/** A step of the matrix, how it fails, and what staff do where it needs them. */
export type Case = Readonly<{ path: Path; fault: Fault; staff: (typeof staffRequests)[number] }>;

/** All steps, each with its path. */
export const everyCall = (Object.keys(callsOf) as Path[]).flatMap((path) =>
  callsOf[path].map((call) => ({ path, call }) as const),
);

/** A question changes nothing, and nobody refuses to answer it. */
export const isPossible = (call: string, failure: Failure): boolean => !isQuestion(call) || failure !== 'refused';

const isQuestion = (call: string) => / \w+Of$/.test(call);

/** An order under way. */
export type Ordered = Readonly<{
  orderId: string;
  /** Asks for it to be cancelled, where it still can be. */
  cancel: () => Promise<void>;
  /** What is wrong with it now. */
  wrong: () => Promise<readonly string[]>;
  /** Resolves once all of its sagas have ended, with what is wrong with it then. */
  done: Promise<readonly string[]>;
}>;

const methods: Readonly<Partial<Record<Path, string>>> = {
  declined: 'pm_declined',
  'capture refused': 'pm_capture_fails',
  'paid with another method': 'pm_declined',
};

/** After so long an order that has not ended is lost: more than the tries until attention and the pause after them. */
const lostAfterMs = 700_000;

/** Takes an order along its path, while something goes wrong with it. */
export const beginOrder = async (shop: SagaShop, { path, fault, staff }: Case): Promise<Ordered> => {
  const orderId = randomUUID();
  const products = [await shop.stocked(1), await shop.stocked(path === 'out of stock' ? 0 : 1)].sort();
  const begun = performance.now();
  const isLater = path === 'returned' || path === 'refunded by staff' || path === 'paid with another method';
  const begin = () => shop.faults.set(orderId, fault);
  if (!isLater) begin();
  await shop.place(orderId, methods[path] ?? 'pm_ok', products);

  const wrong = async () => invariantsOf(await shop.seen(orderId, products));

  const until = async (what: string, isSo: () => Promise<boolean>): Promise<void> => {
    for (;;) {
      await react();
      if (await isSo().catch(() => false)) return;
      if (performance.now() - begun > lostAfterMs) throw new Error(`${orderId}: lost before ${what}`);
      await pause(200);
    }
  };
  const react = async () => {
    await seeToQuestion().catch(() => undefined);
    for (const reaction of [...left]) {
      const [stream, type, act] = reaction;
      if (!(await has(stream, type))) continue;
      left.splice(left.indexOf(reaction), 1);
      // What is not possible any more, since it is cancelled meanwhile.
      await act().catch(() => undefined);
    }
  };
  const isOver = (workflowId: string) => () => shop.isOver(workflowId);
  const has = async (stream: string, type: string) =>
    (await shop.streamOf(stream).catch(() => [])).some((event) => event.type === type);

  /** Each is done once, when its event is there, until the saga has ended. */
  const left: (readonly [stream: string, type: string, act: () => Promise<unknown>])[] = [
    [`payment-${orderId}`, 'PaymentDeclined', () => (path === 'paid with another method' ? offer() : nothing())],
    [`shipment-${orderId}`, 'ShipmentCreated', () => (path === 'cancelled' ? cancel() : dispatch())],
    [`order-${orderId}`, 'SagaStepFailed', () => seeTo()],
    [`order-${orderId}`, 'OrderShipped', () => shop.send('shipping', 'RecordDelivery', { orderId })],
  ];

  /** Staff, once what was wrong is mended; where the order is not to be undone any more, it is tried again. */
  const seeTo = async () => {
    fault.times = 0;
    // Whoever cancels an order that is being cancelled tells nobody anything.
    const request = path === 'cancelled' && staff === 'RequestCancellation' ? 'RequestSagaRetry' : staff;
    await shop
      .send('orders', request, { orderId, ...(request === 'RequestCancellation' && { reason: null }) })
      .catch(() => shop.send('orders', 'RequestSagaRetry', { orderId }));
  };
  /** A question that nobody answers for long: that is not in the order's stream, but in Temporal alone. */
  const seeToQuestion = async () => {
    if (isQuestion(fault.call) && fault.struck > 0 && (await shop.needsAttention(`order-${orderId}`))) fault.times = 0;
  };
  const nothing = () => Promise.resolve();
  const offer = async () => {
    begin();
    await shop.send('orders', 'OfferPaymentMethod', { orderId, paymentMethod: 'pm_ok' });
  };
  const cancel = async () => {
    await shop.send('orders', 'RequestCancellation', { orderId, reason: null });
  };
  /** As the gateway does. */
  const dispatch = async () => {
    await shop.send('shipping', 'StartDispatch', { orderId });
    await shop.send('orders', 'MarkOrderShipped', { orderId });
    await shop.send('shipping', 'RecordDispatch', { orderId, carrier: null, trackingNumber: null });
  };

  const travel = async (): Promise<readonly string[]> => {
    await until('the end of its saga', isOver(`order-${orderId}`));
    const isDelivered = statusOf((await shop.seen(orderId, products)).order) === 'DELIVERED';
    if (isDelivered && path === 'returned') await takeBack();
    if (isDelivered && path === 'refunded by staff') await refund();
    return wrong();
  };

  const takeBack = async () => {
    begin();
    await shop.send('orders', 'RequestReturn', { orderId, reason: 'broken' });
    await until('the end of its return', isOver(`order-return-${orderId}`));
  };

  const refund = async () => {
    begin();
    const refundId = randomUUID();
    shop.orderOfRefund.set(refundId, orderId);
    const amount = { amount: 100, currency: 'EUR' };
    await shop.send('payments', 'RequestRefund', { orderId, refundId, amount, reason: 'kind' });
    await until('the end of its refund', isOver(`payment-refund-${refundId}`));
  };

  const done = travel();
  // Looked at later: until then it is nobody's.
  done.catch(() => undefined);
  return { orderId, cancel: () => cancel().catch(() => undefined), wrong, done };
};
