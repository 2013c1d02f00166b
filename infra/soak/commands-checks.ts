/** An event of a stock, as far as it is looked at. */
export type StockEvent = Readonly<{ type: string; data: Readonly<Record<string, unknown>> }>;

/** Whether each order was told that it has a reservation. */
export type Answers = ReadonlyMap<string, boolean>;

/** What is wrong with a stock of `pieces` after orders of one piece each asked for it; nothing where all is right. */
export const wrongReservations = (
  events: readonly StockEvent[],
  answers: Answers,
  pieces: number,
): readonly string[] => {
  const reserved = ordersOf(events, 'StockReserved');
  const refused = ordersOf(events, 'ReservationRefused');
  const expected = Math.min(pieces, answers.size);
  return [
    ...when(reserved.length !== expected, `${reserved.length} reservations instead of ${expected}`),
    ...when(mostHeld(events) > pieces, `${mostHeld(events)} of ${pieces} pieces were held at once`),
    ...repeated([...reserved, ...refused]).map((order) => `${order} was decided on twice`),
    ...differing(reserved, ordersTold(answers, true), 'a reservation'),
    ...differing(refused, ordersTold(answers, false), 'a refusal'),
  ];
};

/** Orders that hold pieces after all events; none is there twice. */
export const holders = (events: readonly StockEvent[]): readonly string[] => {
  const over = new Set([...ordersOf(events, 'ReservationReleased'), ...ordersOf(events, 'ReservationCommitted')]);
  return [...new Set(ordersOf(events, 'StockReserved'))].filter((order) => !over.has(order));
};

/** The most pieces that were held at any time. */
const mostHeld = (events: readonly StockEvent[]): number => {
  let held = 0;
  return events.reduce((most, { type, data }) => {
    if (type === 'StockReserved') held += Number(data['quantity']);
    if (type === 'ReservationReleased') held -= Number(data['quantity']);
    return Math.max(most, held);
  }, 0);
};

/** The orders of all events of a type, as often as they are there. */
export const ordersOf = (events: readonly StockEvent[], type: string): readonly string[] =>
  events.filter((event) => event.type === type).map(({ data }) => String(data['orderId']));

const ordersTold = (answers: Answers, isReserved: boolean): readonly string[] =>
  [...answers].filter(([, answer]) => answer === isReserved).map(([order]) => order);

const differing = (stored: readonly string[], told: readonly string[], what: string): readonly string[] => {
  const [inStream, inAnswers] = [new Set(stored), new Set(told)];
  return [
    ...told.filter((order) => !inStream.has(order)).map((order) => `${order} was told of ${what} that is not stored`),
    ...stored.filter((order) => !inAnswers.has(order)).map((order) => `${order} was not told of ${what}`),
  ];
};

const repeated = (orders: readonly string[]): readonly string[] => [
  ...new Set(orders.filter((order, index) => orders.indexOf(order) !== index)),
];

const when = (isWrong: boolean, sentence: string): readonly string[] => (isWrong ? [sentence] : []);
