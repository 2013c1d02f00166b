import { startEngines, type EnginesForTests } from '../../infra/engines/testing/engines-for-tests.js';
import { advanceCheckpoint, checkpointsSchema } from '../../infra/postgres/checkpoints.js';
import { createPostgres, ensureSchema, inTransaction, type Postgres } from '../../infra/postgres/postgres.js';
import { tableOf } from '../shared/postgres-view.js';
import { asItIs, freshAs } from '../shared/testing/read-side.js';
import { nameOf } from '../shared/view.js';
import { sales } from './projection.js';
import { createSalesQueries, type SalesQueries } from './queries.js';
import { salesTable } from './table.js';

let engines: EnginesForTests;
let postgres: Postgres;
let queries: SalesQueries;

/** The view stands here. */
const position = 42n;
const rows = {
  '2030-01-01/EUR/': { orders: 2, revenue: 1950 },
  '2030-01-01/EUR/mug': { quantity: 3, revenue: 1350 },
  '2030-01-01/EUR/pot': { quantity: 1, revenue: 600 },
  '2030-01-02/EUR/': { refunded: 200 },
  '2030-01-02/USD/': { orders: 1, revenue: 70 },
  '2030-01-02/USD/mug': { quantity: 1, revenue: 70 },
  '2030-01-03/EUR/': { orders: 1, revenue: 1800, refunded: 5 },
  '2030-01-03/EUR/pot': { quantity: 3, revenue: 1800 },
};

beforeAll(async () => {
  engines = await startEngines(['postgres']);
  postgres = createPostgres(engines.env.POSTGRES_URL);
  queries = createSalesQueries(postgres);
  await ensureSchema(postgres, `${checkpointsSchema};\n${tableOf(sales, salesTable)}`);
  await inTransaction(postgres, async (connection) => {
    await advanceCheckpoint(connection, sales, null, { commit: position, prepare: position });
    for (const [key, counters] of Object.entries(rows))
      await connection.query(`insert into ${nameOf(sales)} (key, data, position) values ($1, $2, $3)`, [
        key,
        counters,
        position,
      ]);
  });
});

afterAll(async () => {
  await postgres.end();
  await engines.stop();
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
