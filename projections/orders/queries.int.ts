import { everyAggregate } from '../../domains/contexts.js';
import type { RunningProjections } from '../runner/runner.js';
import { readEvents } from '../runner/read-events.js';
import { runViews } from '../runner/testing/run-views.js';
import { asItIs, freshAs, startReadSide, type ReadSide } from '../shared/testing/read-side.js';
import { orders } from './projection.js';
import { countRefusedForStock, createOrderQueries, type OrderQueries } from './queries.js';
import { ordersTable } from './table.js';

let readSide: ReadSide;
let queries: OrderQueries;
let view: RunningProjections | undefined;

const eur = (amount: number) => ({ amount, currency: 'EUR' });
const place = (orderId: string, userId = 'u1') =>
  readSide.append(`order-${orderId}`, {
    type: 'OrderPlaced',
    data: { orderId, userId, lines: [], total: eur(900), address: null, paymentMethod: 'pm_ok' },
  });
const pay = (orderId: string, userId = 'u1') =>
  readSide.append(`order-${orderId}`, {
    type: 'OrderPaid',
    data: { orderId, userId, paymentId: orderId, lines: [], total: eur(900) },
  });
const run = () => {
  view = runViews(readSide, [{ view: orders, table: ordersTable }], { read: readEvents(everyAggregate) });
};
const ids = ({ items }: { items: readonly { id: string }[] }) => items.map(({ id }) => id);

beforeAll(async () => {
  readSide = await startReadSide();
  queries = createOrderQueries(readSide.postgres);
});

afterAll(async () => {
  await view?.stop();
  await readSide.stop();
});

describe('the orders', () => {
  it('are behind before the view was ever built', async () => {
    await expect(queries.byId('o1', asItIs)).rejects.toMatchObject({ code: 'view.behind' });
    const freshness = { after: new Map([['order', 0n]]), waitMs: 20 };
    await expect(queries.list({}, { limit: 1 }, freshness)).rejects.toMatchObject({ code: 'view.behind' });
  });

  it('are as fresh as a token asks, also when the view is only being built', async () => {
    const placed = await place('o1');
    const found = queries.byId('o1', freshAs('order', placed));
    run();
    expect((await found)?.item).toMatchObject({
      id: 'o1',
      status: 'PENDING',
      payment: null,
      shipment: null,
      version: 0,
    });
    const data = { orderId: 'o1', userId: 'u1', attempt: 1, amount: eur(900), method: 'pm_ok' };
    const asked = await readSide.append('payment-o1', { type: 'AuthorisationRequested', data });
    const order = (await queries.byId('o1', freshAs('payment', asked)))?.item;
    expect(order?.payment).toEqual({ status: 'PENDING', method: 'pm_ok' });
    expect((await queries.byId('o1', freshAs('order', await pay('o1'))))?.item).toMatchObject({
      status: 'PAID',
      version: 1,
    });
  });

  it('are behind when the position does not come in time', async () => {
    const position = await place('o2');
    await queries.byId('o2', freshAs('order', position));
    const freshness = { after: new Map([['order', position + 1n]]), waitMs: 50 };
    await expect(queries.byId('o2', freshness)).rejects.toMatchObject({ code: 'view.behind' });
  });

  it('do not wait for what they do not read', async () => {
    const freshness = { after: new Map([['product', 1n << 60n]]), waitMs: 0 };
    expect((await queries.byId('o1', freshness))?.item).toMatchObject({ id: 'o1' });
  });

  it('are counted where there was not enough for them', async () => {
    for (const [orderId, reason] of [
      ['r1', 'out_of_stock'],
      ['r2', 'payment_declined'],
    ] as const) {
      await place(orderId, 'u9');
      await readSide.append(`order-${orderId}`, { type: 'OrderRejected', data: { orderId, userId: 'u9', reason } });
    }
    await queries.byId('r2', freshAs('order', await place('r3', 'u9')));
    expect(await countRefusedForStock(readSide.postgres)()).toBe(1);
  });

  it('know nothing of others', async () => {
    expect(await queries.byId('nobody', asItIs)).toBeNull();
    expect(await queries.byId('a\0b', asItIs)).toBeNull();
  });

  it('are listed newest first, and no page shifts when one is placed', async () => {
    for (const orderId of ['a', 'b', 'c', 'd']) await place(orderId, 'u2');
    const first = await queries.list({ userId: 'u2' }, { limit: 2 }, freshAs('order', await place('e', 'u2')));
    expect(ids(first)).toEqual(['e', 'd']);
    const position = await place('f', 'u2');
    const cursor = first.nextCursor ?? undefined;
    const second = await queries.list({ userId: 'u2' }, { limit: 2, cursor }, freshAs('order', position));
    expect(ids(second)).toEqual(['c', 'b']);
    const last = await queries.list({ userId: 'u2' }, { limit: 2, cursor: second.nextCursor ?? undefined }, asItIs);
    expect(last).toMatchObject({ items: [{ id: 'a' }], nextCursor: null });
    expect(ids(await queries.list({ userId: 'u2' }, { limit: 1 }, asItIs))).toEqual(['f']);
  });

  it('are listed by status and time of placing', async () => {
    const paid = await queries.list({ status: 'PAID' }, { limit: 9 }, freshAs('order', await pay('c', 'u2')));
    expect(ids(paid)).toEqual(['c', 'o1']);
    const [c] = paid.items;
    const { items } = await queries.list({ userId: 'u2' }, { limit: 9 }, asItIs);
    const d = items[items.findIndex(({ id }) => id === 'c') - 1];
    const between = { from: c?.placedAt, to: d?.placedAt };
    expect(ids(await queries.list(between, { limit: 9 }, asItIs))).toEqual(['c']);
    await expect(queries.list({ from: 'soon' }, { limit: 9 }, asItIs)).rejects.toMatchObject({
      code: 'request.invalid',
    });
  });

  it('are listed by the reason for which they wait', async () => {
    await place('w', 'u6');
    const data = { orderId: 'w', userId: 'u6', step: 'capture', attempt: 1, code: 'timeout' };
    const failed = await readSide.append('order-w', { type: 'SagaStepFailed', data });
    const waiting = await queries.list({ reason: 'needs_attention' }, { limit: 9 }, freshAs('order', failed));
    expect(ids(waiting)).toEqual(['w']);
    expect(ids(await queries.list({ reason: 'cancelling' }, { limit: 9 }, asItIs))).toEqual([]);
  });

  it('are under way until they have arrived or ended', async () => {
    const isAnyUnderWay = async (position: bigint) => queries.isAnyUnderWay('u3', freshAs('order', position));
    const cancel = (type: string, data: object) =>
      readSide.append('order-g', { type, data: { orderId: 'g', userId: 'u3', ...data } });
    expect(await isAnyUnderWay(await place('other', 'u4'))).toBe(false);
    expect(await isAnyUnderWay(await place('g', 'u3'))).toBe(true);
    expect(await isAnyUnderWay(await pay('g', 'u3'))).toBe(true);
    expect(await isAnyUnderWay(await cancel('CancellationRequested', { reason: null, by: 'u3' }))).toBe(true);
    expect(await isAnyUnderWay(await cancel('OrderCancelled', { reason: 'customer' }))).toBe(false);
  });

  it('show where the shipment stands, as fresh as a token of it asks', async () => {
    const owned = { orderId: 's', userId: 'u5' };
    const ship = (type: string, data: object = {}) =>
      readSide.append('shipment-s', { type, data: { ...owned, ...data } });
    const placed = await place('s', 'u5');
    expect(await queries.shipmentOf('s', freshAs('order', placed))).toBeNull();
    expect(await queries.shipmentOf('nobody', asItIs)).toBeNull();
    const created = await ship('ShipmentCreated', { lines: [], address: { $sealed: 'x' } });
    const first = await queries.shipmentOf('s', freshAs('shipment', created));
    const nothing = { carrier: null, trackingNumber: null, tracking: [] };
    expect(first?.item).toEqual({ ...owned, status: 'CREATED', ...nothing });
    await ship('DispatchStarted');
    const label = { carrier: 'Swift', trackingNumber: 'T-1' };
    const dispatched = await ship('ShipmentDispatched', label);
    const second = await queries.shipmentOf('s', freshAs('shipment', dispatched));
    expect(second?.item).toEqual({ ...owned, status: 'DISPATCHED', ...label, tracking: [] });
    expect(second?.etag).not.toBe(first?.etag);
    expect((await queries.byId('s', asItIs))?.item).toMatchObject({
      shipment: { status: 'DISPATCHED', trackingNumber: 'T-1' },
      version: 0,
    });
  });

  it('refuse a cursor that is not theirs', () =>
    expect(queries.list({}, { limit: 1, cursor: 'x' }, asItIs)).rejects.toMatchObject({
      code: 'request.invalid_cursor',
    }));
});
