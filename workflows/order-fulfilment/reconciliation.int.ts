import { randomUUID } from 'node:crypto';
import { Registry } from 'prom-client';
import { startEngines, type EnginesForTests } from '../../infra/engines/testing/engines-for-tests.js';
import { createWritableLog } from '../../infra/logging/testing/writable-log.js';
import { createPostgres, type Postgres } from '../../infra/postgres/postgres.js';
import { connectTemporal, type Temporal } from '../../infra/temporal/connection.js';
import { registerSearchAttributes } from '../../infra/temporal/register-search-attributes.js';
import { searchAttributes } from '../../infra/temporal/search-attributes.js';
import { createOpenOrders, type OpenOrders } from './open-orders.js';
import { createReconciliation } from './reconciliation.js';
import { addSagaMetrics, type OpenStatus } from './saga-metrics.js';

const longAgo = '2026-01-01T00:00:00.000Z';
const statuses = new Map<string, string>();
let engines: EnginesForTests;
let postgres: Postgres;
let temporal: Temporal;
let openOrders: OpenOrders;

beforeAll(async () => {
  engines = await startEngines(['postgres', 'temporal']);
  postgres = createPostgres(engines.env.POSTGRES_URL, 2);
  temporal = connectTemporal(engines.env.TEMPORAL_ADDRESS);
  await registerSearchAttributes(temporal.client.connection, createWritableLog().log);
  openOrders = createOpenOrders(postgres);
}, 900_000);
afterEach(async () => {
  await postgres.query('truncate open_orders');
});
afterAll(async () => {
  await temporal.close();
  await postgres.end();
  await engines.stop();
});

/** The orders that there are stand where `statuses` says. */
const bus = {
  ask: (_context: string, _question: string, data: unknown) => {
    const status = statuses.get((data as { orderId: string }).orderId);
    return Promise.resolve(status === undefined ? null : { userId: 'ada', status, cancelling: false });
  },
};

const given = async (status?: string, placedAt = longAgo): Promise<string> => {
  const orderId = randomUUID();
  if (status !== undefined) statuses.set(orderId, status);
  await openOrders.add(orderId, placedAt);
  return orderId;
};

/** Nobody takes its tasks. */
const sagaOf = (orderId: string, status: OpenStatus = 'running') =>
  temporal.client.workflow.start('orderFulfilment', {
    ...{ workflowId: `order-${orderId}`, taskQueue: 'nobody', args: [] },
    typedSearchAttributes: [{ key: searchAttributes.sagaStatus, value: status }],
  });

const reconciliation = () => {
  const { log, lines } = createWritableLog();
  const reconcile = createReconciliation({ openOrders, client: temporal.client, bus, log });
  return { reconcile: () => reconcile(new AbortController().signal), lines };
};

const rows = async () => {
  const { rows: found } = await postgres.query<{ id: string }>('select order_id as id from open_orders');
  return found.map(({ id }) => id);
};

describe('an open order', () => {
  it('with a saga that runs is in order', async () => {
    const orderId = await given('PENDING');
    const saga = await sagaOf(orderId);
    const { reconcile, lines } = reconciliation();
    expect(await reconcile()).toMatchObject({ ordersWithoutSaga: 0 });
    expect(lines()).toEqual([]);
    expect(await rows()).toEqual([orderId]);
    await saga.terminate();
  });

  it('whose saga was terminated is told of once, until it has one or has ended', async () => {
    const orderId = await given('PAID');
    const saga = await sagaOf(orderId);
    await saga.terminate();
    const { reconcile, lines } = reconciliation();
    expect(await reconcile()).toMatchObject({ ordersWithoutSaga: 1 });
    expect(await reconcile()).toMatchObject({ ordersWithoutSaga: 1 });
    expect(lines()).toMatchObject([{ level: 40, orderId, code: 'saga.not_found' }]);
    statuses.set(orderId, 'CANCELLED');
    expect(await reconcile()).toMatchObject({ ordersWithoutSaga: 0 });
    expect(await rows()).toEqual([]);
  });

  it('that never came to a saga is told of', async () => {
    const orderId = await given('PENDING');
    const { reconcile, lines } = reconciliation();
    expect(await reconcile()).toMatchObject({ ordersWithoutSaga: 1 });
    expect(lines()).toMatchObject([{ orderId }]);
  });

  it('that was placed just now is given time', async () => {
    const orderId = await given('PENDING', new Date().toISOString());
    expect(await reconciliation().reconcile()).toMatchObject({ ordersWithoutSaga: 0 });
    expect(await rows()).toEqual([orderId]);
  });
});

it.each(['REJECTED', 'CANCELLED', 'DELIVERED', 'RETURNED'])('forgets an order that is %s', async (status) => {
  await given(status);
  const { reconcile, lines } = reconciliation();
  expect(await reconcile()).toMatchObject({ ordersWithoutSaga: 0 });
  expect(await rows()).toEqual([]);
  expect(lines()).toEqual([]);
});

it('goes through more orders than it looks at together', async () => {
  await postgres.query(
    `insert into open_orders (order_id, placed_at) select 'gone-' || n, $1 from generate_series(1, 450) n`,
    [longAgo],
  );
  const orderId = await given('PENDING');
  expect(await reconciliation().reconcile()).toMatchObject({ ordersWithoutSaga: 1 });
  expect(await rows()).toEqual([orderId]);
});

it('is done by several at once without harm', async () => {
  await given('PENDING');
  await given('DELIVERED');
  const found = await Promise.all([reconciliation().reconcile(), reconciliation().reconcile()]);
  expect(found.map(({ ordersWithoutSaga }) => ordersWithoutSaga)).toEqual([1, 1]);
});

it('adds and removes orders as often as it is told to', async () => {
  const orderId = await given('PENDING');
  await openOrders.add(orderId, new Date().toISOString());
  expect(await openOrders.page({ after: '', most: 9, graceSeconds: 0 })).toEqual([
    { orderId, placedAt: new Date(longAgo) },
  ]);
  await openOrders.remove(orderId);
  await openOrders.remove(orderId);
  expect(await rows()).toEqual([]);
});

it('counts the sagas that run by their status', async () => {
  const sagas = await Promise.all([
    sagaOf(randomUUID(), 'waiting_for_delivery'),
    sagaOf(randomUUID(), 'waiting_for_delivery'),
    sagaOf(randomUUID(), 'needs_attention'),
  ]);
  const { reconcile } = reconciliation();
  let found = await reconcile();
  // Temporal's count follows what it does by a moment.
  while (found.sagas.waiting_for_delivery < 2 || found.sagas.needs_attention < 1) found = await reconcile();
  const registry = new Registry();
  addSagaMetrics(registry)({ ...found, ordersWithoutSaga: 3 });
  const text = await registry.metrics();
  expect(text).toContain('evermart_sagas{status="waiting_for_delivery"} 2\n');
  expect(text).toContain('evermart_sagas{status="needs_attention"} 1\n');
  expect(text).toContain('evermart_sagas{status="compensating"} 0\n');
  expect(text).toContain('evermart_orders_without_saga 3\n');
  expect(text).toMatch(/evermart_reconciliation_timestamp_seconds [\d.]{10,}\n/);
  await Promise.all(sagas.map((saga) => saga.terminate()));
});

it('says that it cannot be done while Temporal is away, and forgets nothing', async () => {
  const orderId = await given('DELIVERED');
  const away = connectTemporal('127.0.0.1:1');
  const reconcile = createReconciliation({ openOrders, client: away.client, bus, log: createWritableLog().log });
  await expect(reconcile(new AbortController().signal)).rejects.toThrow();
  expect(await rows()).toEqual([orderId]);
  await away.close();
});
