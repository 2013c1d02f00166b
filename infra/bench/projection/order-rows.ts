import { createHash } from 'node:crypto';
import { appendsOf } from './order-events.js';

type Data = Readonly<Record<string, unknown>>;

/** An event as the fold sees it. */
export type FoldedEvent = Readonly<{ type: string; data: Data; at: string; revision: number }>;

/** What is kept of an order. */
export type OrderRow = Readonly<{
  id: unknown;
  userId: unknown;
  status: string;
  items: unknown;
  total: unknown;
  payment: Readonly<{ status: string; method: unknown }> | null;
  placedAt: string;
  updatedAt: string;
  version: number;
}>;

/** The least that makes an order's row of its events: what a projection is measured beside. */
export const foldOrder = (row: OrderRow | undefined, { type, data, at, revision }: FoldedEvent): OrderRow => {
  if (type === 'OrderPlaced') return placed(data, at, revision);
  if (row === undefined) throw new Error(`${type} came before its order`);
  switch (type) {
    case 'AuthorisationRequested':
      return { ...row, payment: { status: 'PENDING', method: data['method'] }, updatedAt: at };
    case 'PaymentAuthorised':
      return withPayment(row, 'AUTHORISED', at);
    case 'PaymentCaptured':
      return withPayment(row, 'CAPTURED', at);
    case 'OrderPaid':
      return { ...row, status: 'PAID', version: revision, updatedAt: at };
    default:
      throw new Error(`There are no events ${type} here`);
  }
};

const placed = ({ orderId, userId, lines, total }: Data, at: string, version: number): OrderRow => ({
  id: orderId,
  userId,
  status: 'PENDING',
  items: lines,
  total,
  payment: null,
  placedAt: at,
  updatedAt: at,
  version,
});

const withPayment = (row: OrderRow, status: string, at: string): OrderRow =>
  row.payment ? { ...row, payment: { ...row.payment, status }, updatedAt: at } : row;

/** How many rows there are, and a checksum of what every way of making them must agree upon. */
export type Outcome = Readonly<{ rows: number; checksum: string }>;

export const outcomeOf = (rows: readonly object[]): Outcome => {
  const texts = (rows as readonly OrderRow[]).map(agreed).sort();
  return { rows: texts.length, checksum: createHash('sha256').update(texts.join('\n')).digest('hex') };
};

const agreed = ({ id, userId, status, items, total, payment, placedAt, updatedAt, version }: OrderRow) =>
  JSON.stringify(
    [id, userId, status, items, total, payment?.status, payment?.method, placedAt, updatedAt, version].map(inOrder),
  );

/** PostgreSQL gives the fields of an object in an order of its own. */
const inOrder = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(inOrder);
  if (typeof value !== 'object' || value === null) return value;
  return Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, inner]) => [name, inOrder(inner)]);
};

/** What is right: the events of a number of orders, folded here. */
export const expectedOutcome = (orders: number): Outcome => {
  const rows = new Map<unknown, OrderRow>();
  for (const group of appendsOf(orders))
    for (const { events, expected } of group)
      events.forEach(({ type, data, metadata }, index) => {
        const revision = (expected === 'no_stream' ? 0 : expected + 1) + index;
        const key = data['orderId'];
        rows.set(key, foldOrder(rows.get(key), { type, data, at: metadata.at, revision }));
      });
  return outcomeOf([...rows.values()]);
};

/** @throws Error where rows are not what is right. */
export const refuseOther = (whose: string, outcome: Outcome, right: Outcome): void => {
  if (outcome.rows !== right.rows || outcome.checksum !== right.checksum)
    throw new Error(`${whose}: ${outcome.rows} rows came out instead of ${right.rows}, or not as they are to be`);
};
