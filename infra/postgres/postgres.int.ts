import { startEngines, type EnginesForTests } from '../engines/testing/engines-for-tests.js';
import { createPostgres, inTransaction, reachingPostgres, type Postgres } from './postgres.js';
import { startFreezingProxy, type FreezingProxy } from './testing/freezing-proxy.js';

let engines: EnginesForTests;
let proxy: FreezingProxy;
let postgres: Postgres;

beforeAll(async () => {
  engines = await startEngines(['postgres']);
});
beforeEach(async () => {
  proxy = await startFreezingProxy(engines.env.POSTGRES_URL);
  postgres = createPostgres(proxy.url, 2, 200);
});
afterEach(async () => {
  await postgres.end();
  await proxy.close();
});
afterAll(() => engines.stop());

describe('a PostgreSQL that neither answers nor refuses', () => {
  it.each([
    ['a query', () => postgres.query('select 1')],
    ['a transaction', () => inTransaction(postgres, (connection) => connection.query('select 1'))],
  ])('is away for %s', async (_, work) => {
    await postgres.query('select 1');
    proxy.freeze();
    await expect(reachingPostgres(work)).rejects.toMatchObject({ code: 'service.unavailable' });
  });

  it('is away for one who connects', async () => {
    proxy.freeze();
    await expect(reachingPostgres(() => postgres.query('select 1'))).rejects.toMatchObject({
      code: 'service.unavailable',
    });
  });

  it('is there again when it answers again', async () => {
    await Promise.all([postgres.query('select 1'), postgres.query('select 1')]);
    proxy.freeze();
    const asked = [postgres.query('select 1'), postgres.query('select 1')];
    expect((await Promise.allSettled(asked)).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    proxy.thaw();
    expect((await postgres.query('select 2 as two')).rows).toEqual([{ two: 2 }]);
  });
});

it('gives a single query the time that it asks for', async () => {
  const slow = { text: 'select pg_sleep(0.5)', query_timeout: 60_000 };
  expect((await postgres.query(slow)).rowCount).toBe(1);
});
