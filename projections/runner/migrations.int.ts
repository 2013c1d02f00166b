import { startEngines, type EnginesForTests } from '../../infra/engines/testing/engines-for-tests.js';
import { createPostgres } from '../../infra/postgres/postgres.js';
import { migrateViews } from './migrations.js';

let engines: EnginesForTests;

beforeAll(async () => {
  engines = await startEngines(['postgres']);
});
afterAll(() => engines.stop());

it('processes that start at once make the tables of an empty database, and views of before are dropped', async () => {
  const pools = [1, 2, 3].map(() => createPostgres(engines.env.POSTGRES_URL));
  const [postgres] = pools;
  await postgres?.query('create table view_orders_v1 (key text); create table view_orders_v1_2 (key text)');
  const attempts = await Promise.allSettled(pools.map((pool) => migrateViews(pool)));
  expect(attempts.some(({ status }) => status === 'fulfilled')).toBe(true);
  // Whoever came too early tries again, as the runner does.
  await Promise.all(pools.map((pool) => migrateViews(pool)));
  const found = await postgres?.query<{ name: string }>(
    `select relname as name from pg_class where relkind = 'r' and relname ~ '^(view|projection)_' order by 1`,
  );
  expect(found?.rows.map(({ name }) => name)).toEqual([
    'projection_checkpoints',
    'projection_instances',
    'projection_leases',
    'projection_migrations',
    'projection_migrations_lock',
    'projection_parked',
    'projection_replays',
    'projection_status',
    'projection_views',
    'view_orders_v1_2',
  ]);
  await Promise.all(pools.map((pool) => pool.end()));
});
