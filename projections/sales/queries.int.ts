import { everyAggregate } from '../../domains/contexts.js';
import type { RunningProjections } from '../runner/runner.js';
import { readEvents } from '../runner/read-events.js';
import { runViews } from '../runner/testing/run-views.js';
import { asItIs, freshAs, startReadSide, type ReadSide } from '../shared/testing/read-side.js';
import { sales } from './projection.js';
import { createSalesQueries, readSalesTotals, type SalesQueries } from './queries.js';
import { salesTable } from './table.js';

let readSide: ReadSide;
let queries: SalesQueries;
let view: RunningProjections;
/** The view stands here. */
let position: bigint;

const money = (amount: number, currency = 'EUR') => ({ amount, currency });
const line = (productId: string, quantity: number, amount: number, currency = 'EUR') => {
  return { productId, sku: productId, name: productId, quantity, unitPrice: money(amount, currency) };
};
const paid = (orderId: string, lines: readonly ReturnType<typeof line>[]) => {
  const total = lines.reduce((sum, { quantity, unitPrice }) => sum + quantity * unitPrice.amount, 0);
  const data = { orderId, userId: 'u1', paymentId: orderId, lines, total: money(total, lines[0]?.unitPrice.currency) };
  return { type: 'OrderPaid', data };
};
const refunded = (orderId: string, amount: number) => {
  const data = { orderId, userId: 'u1', refundId: 'r1', reference: 'f1', amount: money(amount) };
  return { type: 'PaymentRefunded', data };
};
const on = (day: string) => ({ at: `${day}T10:00:00.000Z` });

beforeAll(async () => {
  readSide = await startReadSide();
  queries = createSalesQueries(readSide.postgres);
  view = runViews(readSide, [{ view: sales, table: salesTable }], { read: readEvents(everyAggregate) });
  const { appendAt } = readSide;
  await appendAt(on('2030-01-01'), 'order-o1', paid('o1', [line('mug', 1, 450), line('pot', 1, 600)]));
  await appendAt(on('2030-01-01'), 'order-o2', paid('o2', [line('mug', 2, 450)]));
  await appendAt(on('2030-01-02'), 'payment-o1', refunded('o1', 200));
  await appendAt(on('2030-01-02'), 'order-o3', paid('o3', [line('mug', 1, 70, 'USD')]));
  await appendAt(on('2030-01-03'), 'payment-o2', refunded('o2', 5));
  position = await appendAt(on('2030-01-03'), 'order-o4', paid('o4', [line('pot', 3, 600)]));
});

afterAll(async () => {
  await view.stop();
  await readSide.stop();
});

describe('the sales', () => {
  it('are told day by day', async () =>
    expect(await queries.days({ from: '2030-01-01', to: '2030-01-03' }, freshAs('order', position))).toEqual([
      { day: '2030-01-01', currency: 'EUR', orders: 2, revenue: 1950, refunded: 0 },
      { day: '2030-01-02', currency: 'EUR', orders: 0, revenue: 0, refunded: 200 },
      { day: '2030-01-02', currency: 'USD', orders: 1, revenue: 70, refunded: 0 },
    ]));

  it('are told product by product', async () =>
    expect(await queries.products({ from: '2030-01-01', to: '2030-01-04' }, freshAs('payment', position))).toEqual([
      { productId: 'pot', currency: 'EUR', quantity: 4, revenue: 2400 },
      { productId: 'mug', currency: 'EUR', quantity: 3, revenue: 1350 },
      { productId: 'mug', currency: 'USD', quantity: 1, revenue: 70 },
    ]));

  it('are told as a whole', async () => {
    await queries.days({ from: '2030-01-01', to: '2030-01-02' }, freshAs('order', position));
    const totals = await readSalesTotals(readSide.postgres)();
    expect(totals.toSorted((a, b) => a.currency.localeCompare(b.currency))).toEqual([
      { currency: 'EUR', orders: 3, revenue: 3750, refunded: 205 },
      { currency: 'USD', orders: 1, revenue: 70, refunded: 0 },
    ]);
  });

  it('are told of the days that are asked for', async () => {
    expect(await queries.days({ from: '2031-01-01', to: '2032-01-01' }, asItIs)).toEqual([]);
    expect(await queries.products({ from: '2030-01-02', to: '2030-01-03' }, asItIs)).toMatchObject([
      { productId: 'mug', currency: 'USD' },
    ]);
  });

  it.each(['order', 'payment'])('are behind where they have not come as far as an event of %s', async (category) => {
    const freshness = { after: new Map([[category, position + 1n]]), waitMs: 20 };
    const days = { from: '2030-01-01', to: '2030-01-02' };
    await expect(queries.days(days, freshness)).rejects.toMatchObject({ code: 'view.behind' });
    await expect(queries.products(days, freshness)).rejects.toMatchObject({ code: 'view.behind' });
  });
});
