import type { AddressInfo } from 'node:net';
import type { Server } from 'node:http';
import { startEngines, type EnginesForTests } from '../../infra/engines/testing/engines-for-tests.js';
import { createPostgres, ensureSchema, type Postgres } from '../../infra/postgres/postgres.js';
import { closeServer, listen } from '../../infra/process/server.js';
import type { AccessTokens } from '../../infra/security/access-tokens.js';
import { orders as ordersView } from '../../projections/orders/projection.js';
import { createOrderFeed, createOrderQueries, type OrderFeed } from '../../projections/orders/queries.js';
import { ordersTable } from '../../projections/orders/table.js';
import { startProxy, type Proxy } from '../../projections/runner/testing/proxy.js';
import { tableOf } from '../../projections/shared/postgres-view.js';
import { createChangeWriter, type ChangeWriter } from '../../projections/shared/testing/change-writer.js';
import { nameOf } from '../../projections/shared/view.js';
import { createGateway } from '../http/server.js';
import { callAt, expectProblem } from '../http/testing/client.js';
import { openEvents, type EventClient } from '../http/testing/event-client.js';
import { accessTokens } from '../http/testing/gateway.js';
import { keptLog } from '../http/testing/kept-log.js';
import { createRateLimits } from '../limits/rate-limits.js';
import { orderEventRoutes } from './event-routes.js';

let engines: EnginesForTests;
let postgres: Postgres;
let proxy: Proxy;
let behindProxy: Postgres;
let writer: ChangeWriter;
let feed: OrderFeed;
let server: Server;
let log: ReturnType<typeof keptLog>;
let url: string;
/** What ends the streams that are open. */
let ends: Set<() => void>;
/** The last position that was written. */
let written = 0n;

const change = {
  type: 'OrderPaid',
  userId: 'ada',
  status: 'PAID',
  statusReason: null,
  payment: { status: 'CAPTURED', method: 'pm_ok' },
  shipment: null,
  version: 1,
  updatedAt: '2030-01-01T00:00:00.000Z',
};
/** Changes of orders, one at a position, in one transaction. */
const write = (keys: readonly string[], told: object = change) => {
  const from = written + 1n;
  written += BigInt(keys.length);
  return writer.write(
    keys.map((key, index) => ({ position: from + BigInt(index), key, change: told })),
    written,
  );
};
const open = (path: string, as: string, lastEventId?: string) => openEvents(`${url}${path}`, as, lastEventId);
const ids = ({ messages }: Pick<EventClient, 'messages'>) => messages.map(({ id }) => id);
const idsUpTo = (from: bigint, to = written) =>
  Array.from({ length: Number(to - from) }, (_, index) => String(from + 1n + BigInt(index)));
const settled = (promise: Promise<unknown>) => {
  let isSettled = false;
  void promise.then(() => (isSettled = true));
  return () => isSettled;
};
const upTo = (client: EventClient, position: bigint) => client.until(() => client.lastEventId() === String(position));

const live = { version: ordersView.version, number: 1 };

beforeAll(async () => {
  engines = await startEngines(['postgres']);
  postgres = createPostgres(engines.env.POSTGRES_URL);
  writer = createChangeWriter(postgres, ordersView);
  await writer.prepare();
  await ensureSchema(postgres, tableOf(nameOf(ordersView, live), ordersTable));
  for (const [id, userId] of [
    ['o1', 'ada'],
    ['o2', 'bob'],
  ])
    await postgres.query(`insert into ${nameOf(ordersView, live)} values ($1, $2, 0)`, [id, { id, userId }]);
  await write(['o1']);
});
beforeEach(async () => {
  ends = new Set();
  log = keptLog();
  proxy = await startProxy(engines.env.POSTGRES_URL);
  behindProxy = createPostgres(proxy.url);
  feed = createOrderFeed({ postgres: behindProxy, log: log.log });
  const orders = createOrderQueries(behindProxy);
  const whenOver: AccessTokens['whenOver'] = (_terms, end) => {
    ends.add(end);
    return () => ends.delete(end);
  };
  server = createGateway({
    accessTokens,
    log: log.log,
    routes: orderEventRoutes({ orders, orderFeed: feed, accessTokens: { whenOver } }),
    // All clients come from one address.
    rateLimits: createRateLimits({ perSecond: 10_000, burst: 10_000 }),
    bounds: { inFlight: { most: 2_000, mostOfClient: 2_000 }, streams: { mostOfClient: 2_000 } },
  });
  await listen(server, { host: '127.0.0.1', port: 0 });
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v1`;
});
afterEach(async () => {
  await closeServer(server);
  await feed.stop();
  await behindProxy.end();
  await proxy.close();
});
afterAll(async () => {
  await postgres.end();
  await engines.stop();
});

describe('the events of an order', () => {
  it('are told to its customer and to staff, from now on', async () => {
    const clients = await Promise.all([
      open('/orders/o1/events', 'ada:customer'),
      open('/orders/o1/events', 'sam:staff'),
    ]);
    const before = written;
    await write(['o1', 'o2', 'o1']);
    for (const client of clients) {
      expect(client.status).toBe(200);
      expect(client.headers).toMatchObject({
        'content-type': 'text/event-stream',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
      });
      await upTo(client, written);
      const data = { orderId: 'o1', ...change };
      expect(client.messages).toEqual([
        { id: String(before + 1n), event: 'order', data },
        { id: String(before + 3n), event: 'order', data },
      ]);
    }
  });

  it.each([
    ['somebody else’s', '/orders/o2/events', 'ada:customer', 404, 'order.not_found'],
    ['an unknown order’s', '/orders/nobody/events', 'sam:staff', 404, 'order.not_found'],
    ['everybody’s', '/events/orders', 'ada:customer', 403, 'auth.forbidden'],
    ['nobody’s', '/events/orders?lastEventId=x', 'sam:staff', 400, 'request.invalid'],
    ['another query’s', '/events/orders?since=1', 'sam:staff', 400, 'request.invalid'],
  ])('are not told where they are %s', async (_, path, as, status, code) => {
    expectProblem(await callAt(url, 'GET', path, { as }), status, code);
  });

  it('wait for the token that the caller sends', async () => {
    const headers = { 'x-consistency-token': `${written + 1n}.order`, prefer: 'wait=0' };
    expectProblem(await callAt(url, 'GET', '/orders/o1/events', { as: 'ada:customer', headers }), 503, 'view.behind');
  });

  it('go on from an id in the header or in the address', async () => {
    const from = written;
    await write(['o1', 'o2', 'o1', 'o2']);
    const byHeader = await open('/events/orders?lastEventId=0', 'sam:staff', String(from + 1n));
    const byAddress = await open(`/orders/o2/events?lastEventId=${from}`, 'bob:customer');
    await Promise.all([upTo(byHeader, written), upTo(byAddress, written)]);
    expect(ids(byHeader)).toEqual(idsUpTo(from + 1n));
    expect(ids(byAddress)).toEqual([String(from + 2n), String(from + 4n)]);
  });

  it('go on from where one connected, also where nothing had come', async () => {
    const first = await open('/events/orders', 'sam:staff');
    await first.until(() => first.lastEventId() !== '');
    expect(first.lastEventId()).toBe(String(written));
    first.leave();
    const from = written;
    await write(['o1', 'o2']);
    const second = await open('/events/orders', 'sam:staff', first.lastEventId());
    await upTo(second, written);
    expect(ids(second)).toEqual(idsUpTo(from));
  });

  it('are cut off for a client that takes nothing, which misses nothing when it comes back', async () => {
    const from = written;
    const slow = await open('/events/orders', 'sam:staff');
    const quick = await open('/orders/o2/events', 'bob:customer');
    await slow.until(() => slow.lastEventId() !== '');
    slow.pause();
    const large = { ...change, statusReason: 'x'.repeat(100_000) };
    const dropped = log.logged(1);
    const isDropped = settled(dropped);
    // As much as the sockets of the system take beside what may wait.
    while (!isDropped()) await write(['o1', 'o1', 'o2'], large);
    expect(await dropped).toMatchObject([{ pattern: '/api/v1/events/orders', status: 200, aborted: true }]);
    await upTo(quick, written);

    slow.resume();
    await slow.ended;
    const again = await open('/events/orders', 'sam:staff', slow.lastEventId());
    await write(['o1']);
    await upTo(again, written);
    expect([...ids(slow), ...ids(again)]).toEqual(idsUpTo(from));
    expect(ids(again).length).toBeGreaterThan(1);
  });

  it('go on where PostgreSQL was away', async () => {
    const from = written;
    const client = await open('/events/orders', 'sam:staff');
    await write(['o1']);
    await upTo(client, written);
    proxy.cut();
    await log.logged(1);
    expectProblem(await callAt(url, 'GET', '/events/orders', { as: 'sam:staff' }), 503, 'service.unavailable');
    await write(['o1', 'o2']);
    proxy.mend();
    await write(['o2']);
    await upTo(client, written);
    expect(ids(client)).toEqual(idsUpTo(from));
  });

  it('end with the token of whoever they are told to', async () => {
    const client = await open('/events/orders', 'sam:staff');
    await client.until(() => client.lastEventId() !== '');
    ends.forEach((end) => end());
    await client.ended;
    expect(await log.logged(1)).toMatchObject([{ status: 200, aborted: false }]);
  });

  it('are told to 2,000 at once, with one connection that listens, until the server closes', async () => {
    const from = written;
    const clients = await Promise.all(
      Array.from({ length: 2_000 }, (_, index) =>
        index % 2 ? open('/events/orders', 'sam:staff') : open('/orders/o1/events', 'ada:customer'),
      ),
    );
    for (let count = 0; count < 10; count += 1) await write(['o1', 'o1']);
    await Promise.all(clients.map((client) => upTo(client, written)));
    for (const client of clients) expect(ids(client)).toEqual(idsUpTo(from));
    const { rows } = await postgres.query(`select 1 from pg_stat_activity where query = 'listen view_changes'`);
    expect(rows).toHaveLength(1);

    expect(await closeServer(server)).toBe(0);
    await Promise.all(clients.map(({ ended }) => ended));
    expect((await log.logged(2_000)).filter(({ aborted }) => aborted !== false)).toEqual([]);
  });
});
