import type { Charge, Totals } from '../../payment-provider/simulator/ledger-rules.js';
import { statusOf } from '../order-status.js';
import { countOf, eventsOf, isKept, type RecordedEvent, type Records } from './records.js';
import { staffReason } from './stories.js';

/** What the payment provider says of an order. */
export type Account = Totals & Readonly<{ charges: readonly Charge[] }>;

/** What is known once every order is at rest. */
export type Books = Readonly<{ records: Records; accounts: ReadonlyMap<string, Account> }>;

/** What is wrong, as sentences; nothing where the invariant holds. */
export type Invariant = (books: Books) => readonly string[];

const stockIsNeverBelowZero: Invariant = ({ records }) =>
  [...records.stock].flatMap(([productId, events]) => {
    let [onHand, reserved] = [0, 0];
    return events.flatMap(({ type, data, revision }) => {
      const change = changes[type]?.(Number(data['quantity'] ?? data['delta'])) ?? { onHand: 0, reserved: 0 };
      onHand += change.onHand;
      reserved += change.reserved;
      if (onHand >= 0 && reserved >= 0 && onHand - reserved >= 0) return [];
      return [`product ${productId} had ${onHand} on hand and ${reserved} reserved at revision ${revision}`];
    });
  });

const changes: Readonly<Record<string, (quantity: number) => Readonly<{ onHand: number; reserved: number }>>> = {
  StockReceived: (quantity) => ({ onHand: quantity, reserved: 0 }),
  StockAdjusted: (delta) => ({ onHand: delta, reserved: 0 }),
  StockReserved: (quantity) => ({ onHand: 0, reserved: quantity }),
  ReservationReleased: (quantity) => ({ onHand: 0, reserved: -quantity }),
  ReservationCommitted: (quantity) => ({ onHand: -quantity, reserved: -quantity }),
  StockReturned: (quantity) => ({ onHand: quantity, reserved: 0 }),
};

/** At rest a paid order has taken its pieces, and any other has none: nothing is reserved. */
const stockBelongsToOrders: Invariant = ({ records }) =>
  [...records.order].flatMap(([orderId, order]) => {
    const status = statusOf(order);
    return linesOf(order).flatMap(({ productId, quantity }) => {
      const ofLine = (records.stock.get(productId) ?? []).filter(({ data }) => data['orderId'] === orderId);
      const pieces = (type: string) =>
        ofLine.filter((event) => event.type === type).reduce((sum, { data }) => sum + Number(data['quantity']), 0);
      const reserved = pieces('StockReserved') - pieces('ReservationReleased') - pieces('ReservationCommitted');
      const taken = pieces('ReservationCommitted') - pieces('StockReturned');
      const [due, what] = [isKept(status) ? quantity : 0, `${status} order ${orderId}, product ${productId}`];
      return [
        ...when(reserved !== 0, `${what}: ${reserved} are reserved`),
        ...when(taken !== due, `${what}: ${taken} were taken instead of ${due}`),
      ];
    });
  });

const moneyIsThatOfKeptOrders: Invariant = ({ records, accounts }) =>
  [...records.order].flatMap(([orderId, order]) => {
    const { authorised, captured, refunded, voided } = accounts.get(orderId) ?? nothing;
    const [status, kept] = [statusOf(order), captured - refunded];
    const due = isKept(status) ? totalOf(order) - byStaff(records, orderId) : 0;
    return [
      ...when(kept !== due, `${status} order ${orderId}: ${kept} were kept instead of ${due}`),
      ...when(
        authorised !== captured + voided,
        `order ${orderId}: ${authorised} were authorised, ${captured} captured and ${voided} voided`,
      ),
    ];
  });

const atMostOneCharge: Invariant = ({ accounts }) =>
  [...accounts].flatMap(([orderId, { charges }]) => {
    const captures = charges.flatMap((charge) => charge.captures);
    return when(captures.length > 1, `order ${orderId} was charged ${captures.length} times`);
  });

/** The stream of a payment knows every reference that the provider gave, and no other. */
const paymentsAreAsTheProviderSays: Invariant = ({ records, accounts }) =>
  [...records.order.keys()].flatMap((orderId) => {
    const told = (type: string) =>
      eventsOf(records, orderId)
        .filter((event) => event.type === type)
        .map(({ data }) => String(data['reference']));
    const charges = accounts.get(orderId)?.charges ?? [];
    const captures = charges.flatMap((charge) => charge.captures);
    const refunds = captures.flatMap((capture) => capture.refunds);
    return [
      ...differing(orderId, 'authorisations', told('PaymentAuthorised'), charges),
      ...differing(orderId, 'captures', told('PaymentCaptured'), captures),
      ...differing(orderId, 'refunds', told('PaymentRefunded'), refunds),
    ];
  });

const differing = (
  orderId: string,
  what: string,
  told: readonly string[],
  given: readonly Readonly<{ reference: string }>[],
): readonly string[] => {
  const [streams, provider] = [
    told.toSorted().join(),
    given
      .map(({ reference }) => reference)
      .toSorted()
      .join(),
  ];
  return when(streams !== provider, `order ${orderId}: its stream has as ${what} ${streams}, the provider ${provider}`);
};

const everythingIsUndoneOnce: Invariant = ({ records }) =>
  [...records.order].flatMap(([orderId, order]) => {
    const status = statusOf(order);
    const count = (type: string) => countOf(records, orderId, type);
    const isUndone = !isKept(status);
    const wrong = (what: string, done: number, undone: number, due: number) =>
      when(
        done > 1 || undone !== due,
        `${status} order ${orderId}: ${what} was done ${done} and undone ${undone} times`,
      );
    const captured = count('PaymentCaptured');
    const authorised = count('PaymentAuthorised');
    return [
      ...linesOf(order).flatMap(({ productId }) => {
        const ofLine = (type: string) =>
          (records.stock.get(productId) ?? []).filter(
            (event) => event.type === type && event.data['orderId'] === orderId,
          ).length;
        const [reserved, committed] = [ofLine('StockReserved'), ofLine('ReservationCommitted')];
        const [released, returned] = [ofLine('ReservationReleased'), ofLine('StockReturned')];
        return [
          ...wrong(`the reservation of ${productId}`, reserved, released + committed, reserved),
          ...wrong(`the taking of ${productId}`, committed, returned, isUndone ? committed : 0),
        ];
      }),
      ...wrong('the authorisation', authorised, count('PaymentVoided'), captured > 0 ? 0 : authorised),
      ...wrong('the capture', captured, refundsOfSagas(records, orderId), refundsDue(records, orderId, isUndone)),
      ...wrong(
        'the shipment',
        count('ShipmentCreated'),
        count('ShipmentReturned'),
        isUndone ? count('ShipmentCreated') : 0,
      ),
      ...when(count('OrderPaid') > 1, `order ${orderId} was paid ${count('OrderPaid')} times`),
      ...when(
        count('OrderRejected') + count('OrderCancelled') + count('OrderReturned') > 1,
        `order ${orderId} ended more than once`,
      ),
    ];
  });

/** A saga gives back once what staff have left of a capture. */
const refundsDue = (records: Records, orderId: string, isUndone: boolean): number => {
  const amounts = (type: string) =>
    eventsOf(records, orderId)
      .filter((event) => event.type === type)
      .reduce((sum, { data }) => sum + amountOf(data['amount']), 0);
  return isUndone && amounts('PaymentCaptured') > byStaff(records, orderId) ? 1 : 0;
};

const refundsOfSagas = (records: Records, orderId: string) =>
  refundsOf(records, orderId, (reason) => reason !== staffReason).length;

const byStaff = (records: Records, orderId: string): number =>
  refundsOf(records, orderId, (reason) => reason === staffReason).reduce(
    (sum, { data }) => sum + amountOf(data['amount']),
    0,
  );

const refundsOf = (records: Records, orderId: string, isWanted: (reason: string) => boolean) => {
  const payment = records.payment.get(orderId) ?? [];
  const wanted = payment
    .filter(({ type, data }) => type === 'RefundRequested' && isWanted(String(data['reason'])))
    .map(({ data }) => data['refundId']);
  return payment.filter(({ type, data }) => type === 'PaymentRefunded' && wanted.includes(data['refundId']));
};

type Placed = Readonly<{
  lines: readonly Readonly<{ productId: string; quantity: number }>[];
  total: Readonly<{ amount: number }>;
}>;

const placedIn = (order: readonly RecordedEvent[]) => order[0]?.data as Placed | undefined;
const linesOf = (order: readonly RecordedEvent[]) => placedIn(order)?.lines ?? [];
const totalOf = (order: readonly RecordedEvent[]) => placedIn(order)?.total.amount ?? 0;
const amountOf = (money: unknown) => (money as Readonly<{ amount: number }>).amount;

const nothing: Totals = { authorised: 0, captured: 0, refunded: 0, voided: 0, currency: null };

const when = (isWrong: boolean, sentence: string): readonly string[] => (isWrong ? [sentence] : []);

/** What holds of orders at rest. */
export const invariants: Readonly<Record<string, Invariant>> = {
  'no stock is below zero at any revision': stockIsNeverBelowZero,
  'stock is reserved for open orders only, and taken by kept ones only': stockBelongsToOrders,
  'captured - refunded = total of kept orders - refunds of staff': moneyIsThatOfKeptOrders,
  'an order is charged at most once': atMostOneCharge,
  'payments are as the provider says': paymentsAreAsTheProviderSays,
  'what took effect and was undone was undone once': everythingIsUndoneOnce,
};
