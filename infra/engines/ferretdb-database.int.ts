import pg from 'pg';
import { ferretdbPostgresUrl, prepareFerretdbDatabase } from './ferretdb-database.js';
import { createDatabases, databaseUrl } from './postgres-databases.js';
import { startEngines, type EnginesForTests } from './testing/engines-for-tests.js';

let engines: EnginesForTests;
let client: pg.Client;

beforeAll(async () => {
  engines = await startEngines(['postgres']);
  await createDatabases(engines.env.POSTGRES_URL, ['ferretdb']);
  client = new pg.Client({ connectionString: databaseUrl(engines.env.POSTGRES_URL, 'ferretdb') });
  await client.connect();
});

afterAll(async () => {
  await client.end();
  await engines.stop();
});

/** As FerretDB makes a collection and asks for a document. */
const makeCollection = async (name: string) => {
  await client.query(`create table ${name} (_jsonb jsonb)`);
  await client.query(`create unique index on ${name} ((_jsonb->'_id'))`);
};
const planOf = async (name: string) => {
  await client.query('set enable_seqscan = off');
  await client.query(`prepare ask_${name}(text, jsonb) as select _jsonb from ${name} where _jsonb->$1 @> $2`);
  await client.query('set plan_cache_mode = force_custom_plan');
  const { rows } = await client.query<{ 'QUERY PLAN': string }>(`explain execute ask_${name}('_id', '"a"')`);
  return rows.map((row) => row['QUERY PLAN']).join('\n');
};

it('FerretDB finds a document of a collection by an index, made before or later', async () => {
  await makeCollection('earlier');
  expect(await planOf('earlier')).not.toContain('Index');
  for (let start = 1; start <= 2; start += 1)
    expect(await prepareFerretdbDatabase(engines.env.POSTGRES_URL)).toBe(true);
  await makeCollection('later');
  for (const name of ['earlier', 'later']) {
    const { rows } = await client.query('select from pg_indexes where tablename = $1', [name]);
    expect(rows).toHaveLength(2);
  }
  await client.query('deallocate all');
  expect(await planOf('earlier')).toContain('Bitmap Index Scan');
  expect(await planOf('later')).toContain('Bitmap Index Scan');
});

it('FerretDB is given connections enough, and plans made for what it asks', () => {
  const { pathname, searchParams } = new URL(ferretdbPostgresUrl('postgresql://a:b@127.0.0.1:5432/evermart'));
  expect(pathname).toBe('/ferretdb');
  expect(Object.fromEntries(searchParams)).toEqual({
    pool_max_conns: '200',
    pool_max_conn_idle_time: '1m',
    plan_cache_mode: 'force_custom_plan',
  });
});

it('FerretDB waits for a PostgreSQL that is away', async () => {
  expect(await prepareFerretdbDatabase('postgresql://a:b@127.0.0.1:1/evermart')).toBe(false);
});
