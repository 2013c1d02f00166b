import { orderStatuses, statusOf, type OrderStatus } from './order-status.js';

/** An event, as far as it is looked at. */
export type SeenEvent = Readonly<{
  type: string;
  data: Readonly<Record<string, unknown>>;
  metadata: Readonly<{ actor: string }>;
}>;

/** An order with all that was done for it, as the streams and the provider's books tell it. */
export type SeenOrder = Readonly<{
  orderId: string;
  /** Whether its saga waits where people can see that it does. */
  isWaiting: boolean;
  order: readonly SeenEvent[];
  payment: readonly SeenEvent[];
  shipment: readonly SeenEvent[];
  /** The whole stream of each of its products. */
  stocks: readonly (readonly SeenEvent[])[];
  charges: readonly SeenCharge[];
}>;

export type SeenCharge = Readonly<{
  amount: number;
  voided: boolean;
  captures: readonly Readonly<{ amount: number; refunds: readonly Readonly<{ amount: number }>[] }>[];
}>;

/** What holds of every order, whatever failed meanwhile: gives all that is wrong, and nothing where all is right. */
export const invariantsOf = (seen: SeenOrder): readonly string[] => {
  const status = statusOf(seen.order);
  return [
    ...when(!ended.includes(status) && !seen.isWaiting, `it is ${status} and neither ends nor waits`),
    ...endings(seen.order),
    ...seen.stocks.flatMap((stock) => [...wrongCounts(stock), ...wrongReservation(stock, seen, status)]),
    ...wrongBooks(seen),
    ...wrongCharges(seen, status),
    ...wrongShipment(seen.shipment, status),
  ].map((wrong) => `${seen.orderId}: ${wrong}`);
};

const ended: readonly OrderStatus[] = ['DELIVERED', 'RETURNED', 'REJECTED', 'CANCELLED'];
const undone: readonly OrderStatus[] = ['REJECTED', 'CANCELLED'];

const endings = (events: readonly SeenEvent[]) => [
  ...Object.keys(orderStatuses).flatMap((type) => most(events, type, 1)),
  ...when(count(events, 'OrderRejected') + count(events, 'OrderCancelled') > 1, 'it was rejected and cancelled'),
];

/** No stock is below zero at any time. */
const wrongCounts = (stock: readonly SeenEvent[]): readonly string[] => {
  let [onHand, reserved] = [0, 0];
  const wrong = stock.map(({ type, data }) => {
    const quantity = Number(data['quantity'] ?? data['delta']);
    if (['StockReceived', 'StockAdjusted', 'StockReturned'].includes(type)) onHand += quantity;
    if (type === 'ReservationCommitted') onHand -= quantity;
    if (type === 'StockReserved') reserved += quantity;
    if (['ReservationReleased', 'ReservationCommitted'].includes(type)) reserved -= quantity;
    return when(reserved < 0 || onHand < reserved, `after ${type} ${onHand} are on hand and ${reserved} reserved`);
  });
  return wrong.flat();
};

/** Reserved only for open orders; what took effect and was undone, was undone once. */
const wrongReservation = (
  stock: readonly SeenEvent[],
  { orderId }: SeenOrder,
  status: OrderStatus,
): readonly string[] => {
  const own = stock.filter(({ data }) => data['orderId'] === orderId);
  const [reserved, released, committed, returned] = [
    ...['StockReserved', 'ReservationReleased', 'ReservationCommitted', 'StockReturned'].map((type) =>
      count(own, type),
    ),
  ] as [number, number, number, number];
  const isOpen = reserved > released + committed;
  return [
    ...when(reserved > 1, `it was reserved ${reserved} times`),
    ...when(released + committed > reserved, `a reservation was closed ${released + committed} times`),
    ...when(returned > committed, `stock was returned ${returned} times`),
    ...when(ended.includes(status) && isOpen, `it is ${status} and has a reservation`),
    ...when(undone.includes(status) && committed > returned, `it is ${status} and keeps its goods`),
    ...when(status === 'DELIVERED' && committed !== 1, 'it is DELIVERED and its goods were not taken'),
    ...when(status === 'DELIVERED' && returned > 0, 'it is DELIVERED and its goods were put back'),
    ...when(status === 'RETURNED' && returned !== 1, 'it is RETURNED and its goods were not put back'),
  ];
};

/** What the provider did and what the payment's stream says of it are the same, unless that is not known yet. */
const wrongBooks = ({ order, payment, charges }: SeenOrder): readonly string[] => {
  if (!ended.includes(statusOf(order))) return [];
  return [
    ...differ('captured', capturedOf(charges), sumOf(payment, 'PaymentCaptured')),
    ...differ('refunded', refundedOf(charges), sumOf(payment, 'PaymentRefunded')),
    ...differ('voids', charges.filter(({ voided }) => voided).length, count(payment, 'PaymentVoided')),
    ...['PaymentAuthorised', 'PaymentCaptured', 'PaymentVoided'].flatMap((type) => most(payment, type, 1)),
  ];
};

/** At most one charge; captured − refunded = total of kept orders − what staff refunded. */
const wrongCharges = ({ order, payment, charges }: SeenOrder, status: OrderStatus): readonly string[] => {
  const standing = charges.filter((charge) => !charge.voided && !isRefunded(charge));
  const kept = capturedOf(charges) - refundedOf(charges);
  const total = order[0]?.data['total'] as Readonly<{ amount: number }> | undefined;
  const isKept = status === 'PAID' || status === 'SHIPPED' || status === 'DELIVERED';
  const due = isKept ? (total?.amount ?? 0) - refundedByStaff(payment) : 0;
  return [
    ...when(standing.length > 1, `it has ${standing.length} charges`),
    ...when(
      charges.some((charge) => refundedOf([charge]) > capturedOf([charge])),
      'more was refunded than captured',
    ),
    ...when(ended.includes(status) && kept !== due, `it is ${status} and ${kept} are kept instead of ${due}`),
    ...when(undone.includes(status) && standing.length > 0, `it is ${status} and has a charge`),
  ];
};

const wrongShipment = (events: readonly SeenEvent[], status: OrderStatus): readonly string[] => {
  const [created, returned] = [count(events, 'ShipmentCreated'), count(events, 'ShipmentReturned')];
  return [
    ...when(created > 1, `${created} shipments were created`),
    ...when(returned > created, `its shipment came back ${returned} times`),
    ...when(undone.includes(status) && created !== returned, `it is ${status} and has a shipment`),
    ...when(status === 'DELIVERED' && (created !== 1 || returned > 0), 'it is DELIVERED without its shipment'),
    ...when(status === 'RETURNED' && returned !== 1, 'it is RETURNED and its shipment is not'),
  ];
};

const refundedByStaff = (payment: readonly SeenEvent[]): number => {
  const byStaff = payment
    .filter(({ type, metadata }) => type === 'RefundRequested' && metadata.actor !== '(saga)')
    .map(({ data }) => data['refundId']);
  return sumOf(
    payment.filter(({ data }) => byStaff.includes(data['refundId'])),
    'PaymentRefunded',
  );
};

const isRefunded = (charge: SeenCharge) => charge.captures.length > 0 && capturedOf([charge]) === refundedOf([charge]);

const capturedOf = (charges: readonly SeenCharge[]) => sum(charges.flatMap(({ captures }) => captures));
const refundedOf = (charges: readonly SeenCharge[]) =>
  sum(charges.flatMap(({ captures }) => captures.flatMap(({ refunds }) => refunds)));

const sumOf = (events: readonly SeenEvent[], type: string) =>
  sum(events.filter((event) => event.type === type).map(({ data }) => data['amount'] as Readonly<{ amount: number }>));

const sum = (amounts: readonly Readonly<{ amount: number }>[]) =>
  amounts.reduce((total, { amount }) => total + amount, 0);

const count = (events: readonly SeenEvent[], type: string) => events.filter((event) => event.type === type).length;

const most = (events: readonly SeenEvent[], type: string, times: number) =>
  when(count(events, type) > times, `${type} happened ${count(events, type)} times`);

const differ = (what: string, atProvider: number, inStream: number) =>
  when(atProvider !== inStream, `${what}: ${atProvider} at the provider, ${inStream} in the stream`);

const when = (isWrong: boolean, sentence: string): readonly string[] => (isWrong ? [sentence] : []);
