import { once } from 'node:events';
import {
  constants as http2,
  createServer as createHttp2Server,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2';
import type { AddressInfo } from 'node:net';
import { startEngines, type EnginesForTests } from '../engines/testing/engines-for-tests.js';
import { createEventStore } from '../event-store/event-store.js';
import { createWritableLog } from '../logging/testing/writable-log.js';
import { createPostgres, inTransaction, reachingPostgres, type Postgres } from '../postgres/postgres.js';
import { startFreezingProxy, type FreezingProxy } from '../postgres/testing/freezing-proxy.js';
import { guardedEventStore, guardedJaeger, guardedPostgres } from './guarded-engines.js';
import { createJaegerQuery } from '../telemetry/jaeger-query.js';
import { createGuards, guardedItems } from './guards.js';

const unavailable = { code: 'service.unavailable' };
const rules = { failures: 2, openMs: 1_000, successes: 1 };

let engines: EnginesForTests;
let time = 0;

beforeAll(async () => {
  engines = await startEngines(['postgres', 'event-store']);
});
afterAll(() => engines.stop());

const newGuards = () => createGuards({ log: createWritableLog().log, rules, now: () => time });

describe('a guarded PostgreSQL', () => {
  let proxy: FreezingProxy;
  let pool: Postgres;

  beforeEach(async () => {
    proxy = await startFreezingProxy(engines.env.POSTGRES_URL);
    pool = createPostgres(proxy.url, 2, 100);
  });
  afterEach(async () => {
    await pool.end();
    await proxy.close();
  });

  it.each([
    ['queries', (postgres: Postgres) => postgres.query('select 1')],
    ['transactions', (postgres: Postgres) => inTransaction(postgres, (connection) => connection.query('select 1'))],
  ])('is not asked by %s while it hangs, and is again afterwards', async (_, ask) => {
    const guards = newGuards();
    const postgres = guardedPostgres(pool, guards);
    const asked = () => reachingPostgres(() => ask(postgres));
    expect((await asked()).rowCount).toBe(1);
    proxy.freeze();
    await expect(asked()).rejects.toMatchObject(unavailable);
    await expect(asked()).rejects.toMatchObject(unavailable);
    expect(guards.states()).toEqual({ PostgreSQL: 'open' });
    proxy.thaw();
    await expect(asked()).rejects.toMatchObject(unavailable);
    time += rules.openMs;
    expect((await asked()).rowCount).toBe(1);
    expect(guards.states()).toEqual({ PostgreSQL: 'closed' });
    expect(pool.idleCount).toBe(pool.totalCount);
  });

  it('is asked on where others of this process have all connections', async () => {
    const guards = newGuards();
    const postgres = guardedPostgres(createPostgres(engines.env.POSTGRES_URL, 1), guards);
    const connection = await postgres.connect();
    const asked = [1, 2, 3].map(() => postgres.query('select 1'));
    expect((await Promise.allSettled(asked)).map(({ status }) => status)).toEqual(asked.map(() => 'rejected'));
    expect(guards.states()).toEqual({ PostgreSQL: 'closed' });
    connection.release();
    await postgres.end();
  });

  it('is asked on where a statement is wrong', async () => {
    const guards = newGuards();
    const postgres = guardedPostgres(pool, guards);
    for (const text of ['selekt', 'select nothing', 'select 1/0'])
      await expect(postgres.query(text)).rejects.toMatchObject({ severity: 'ERROR' });
    expect(guards.states()).toEqual({ PostgreSQL: 'closed' });
  });
});

describe('a guarded event store', () => {
  it('reads streams, and is not asked while it is away', async () => {
    const there = guardedEventStore(createEventStore(engines.env.EVENTSTORE_URL), newGuards());
    const event = { id: '0b8e2c4e-2f5c-4a6e-9d3a-0d0f3d3f5a11', type: 'Told', data: {} };
    const metadata = { ...{ commandId: 'c', $correlationId: 'c', $causationId: 'c', actor: 'a', at: '' } };
    const events = [{ ...event, metadata: { ...metadata, schemaVersion: 1, traceparent: '' } }];
    await there.append('trial-1', events, 'no_stream');
    const types: string[] = [];
    for await (const { type } of there.readStream('trial-1')) types.push(type);
    expect(types).toEqual(['Told']);
    await there.dispose();

    const guards = newGuards();
    const away = guardedEventStore(createEventStore('esdb://127.0.0.1:1?tls=false&maxDiscoverAttempts=1'), guards);
    await expect(away.readNewer(['trial'], null)).rejects.toMatchObject(unavailable);
    const read = async () => {
      for await (const { type } of away.readStream('trial-1')) throw new Error(`There is nothing such as ${type}`);
    };
    await expect(read()).rejects.toMatchObject(unavailable);
    expect(guards.states()).toEqual({ 'The event store': 'open' });
    await away.dispose();
  });

  it('ends the call of a read that takes too long', async () => {
    let resolve: (code: number | undefined) => void = () => undefined;
    const cancelled = new Promise((done) => (resolve = done));
    const sessions = new Set<ServerHttp2Session>();
    const silent = createHttp2Server()
      .on('session', (session) => sessions.add(session))
      .on('stream', (call: ServerHttp2Stream) =>
        call.on('error', () => undefined).on('close', () => resolve(call.rstCode)),
      );
    await once(silent.listen(0, '127.0.0.1'), 'listening');
    const eventStore = createEventStore(`esdb://127.0.0.1:${(silent.address() as AddressInfo).port}?tls=false`);
    const guard = newGuards().of({ name: 'The event store', timeoutMs: 100 });
    const read = guardedItems(guard, eventStore.readStream('trial-1'));
    await expect(read.next()).rejects.toMatchObject({ code: 'service.timeout' });
    expect(await cancelled).toBe(http2.NGHTTP2_CANCEL);
    await eventStore.dispose();
    silent.close();
    sessions.forEach((session) => session.destroy());
  });

  it('tells of conflicts without having failed', async () => {
    const guards = newGuards();
    const eventStore = guardedEventStore(createEventStore(engines.env.EVENTSTORE_URL), guards);
    for (let times = 0; times < rules.failures; times += 1)
      await expect(eventStore.append('trial-1', [], 5)).rejects.toMatchObject({ name: 'RevisionConflict' });
    expect(guards.states()).toEqual({ 'The event store': 'closed' });
    await eventStore.dispose();
  });
});

it('a guarded Jaeger that is away is soon not asked any more, whatever its client says', async () => {
  const guards = newGuards();
  const jaeger = guardedJaeger(createJaegerQuery('http://127.0.0.1:1'), guards);
  for (let times = 0; times < rules.failures; times += 1)
    await expect(jaeger.traces(['1'.repeat(32), '2'.repeat(32)])).rejects.toMatchObject(unavailable);
  expect(guards.states()).toEqual({ Jaeger: 'open' });
});
