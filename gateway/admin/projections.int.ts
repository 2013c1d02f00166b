import type { AddressInfo } from 'node:net';
import { DomainError } from '../../domains/shared/errors.js';
import { closeServer, listen } from '../../infra/process/server.js';
import type { ServiceBus } from '../../infra/service-bus/service-bus.js';
import { httpBusTo, silent } from '../../infra/service-bus/testing/services.js';
import { createProjectionQueries, type ParkedStatus, type ProjectionStatus } from '../../projections/runner/queries.js';
import { createGateway } from '../http/server.js';
import { callAt, expectProblem, type Sent } from '../http/testing/client.js';
import { accessTokens } from '../http/testing/gateway.js';
import { adminRoutes } from './routes.js';

const stock: ProjectionStatus = {
  ...{ name: 'stock', store: 'postgres', categories: ['stock'], version: 1, state: 'rebuilding', position: '42' },
  ...{ lagEvents: 3, lagSeconds: 0.5, rate: 10, parkedKeys: 2, canRollBack: true },
  progress: {
    ...{ version: 1, position: '21', fraction: 0.5, secondsLeft: 1, rate: 10 },
    ...{ isReady: false, switches: false, comparison: null },
  },
  builds: { live: 2, previous: 1, aside: 3, begun: 3 },
};
const shown = Object.fromEntries(Object.entries(stock).filter(([name]) => name !== 'builds'));
const away: ProjectionStatus = {
  ...{ name: 'catalog', store: 'mongodb', categories: ['product'], version: 1, state: 'stopped', position: null },
  ...{ lagEvents: 0, lagSeconds: 0, rate: 0, parkedKeys: 0, canRollBack: false, builds: null },
};
const parkedAt = (position: number, key = 'mug:1'): ParkedStatus => ({
  ...{ key, position: String(position), stream: `stock-${key}`, revision: position, eventId: `e${position}` },
  ...{ type: 'StockReceived', error: 'RangeError', parkedAt: '2030-01-01T00:00:00.000Z', request: null },
});
const parked = [parkedAt(7), parkedAt(9, 'cup_2.0'), parkedAt(12)];

const asked: (readonly [string, unknown])[] = [];
let refusal: DomainError | null;

/** The projections, in memory. */
const bus: Pick<ServiceBus, 'ask'> = {
  ask: (_context, operation, data) => {
    asked.push([operation, data]);
    if (refusal) return Promise.reject(refusal);
    if (operation === 'list') return Promise.resolve([stock, away]);
    if (operation !== 'parked') return Promise.resolve(stock);
    const { key, after, limit } = data as { key?: string; after?: string; limit: number };
    const found = parked.filter((each) => (key ?? each.key) === each.key && Number(each.position) > Number(after ?? 0));
    return Promise.resolve(found.slice(0, limit));
  },
};

const serve = async (over: Pick<ServiceBus, 'ask'>) => {
  const projections = createProjectionQueries(over);
  const server = createGateway({ accessTokens, log: silent, routes: adminRoutes({ projections }) });
  await listen(server, { host: '127.0.0.1', port: 0 });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v1`;
  const call = (method: string, path: string, sent: Sent = { as: 'root:admin' }) => callAt(url, method, path, sent);
  return { call, close: () => closeServer(server) };
};

let gateway: Awaited<ReturnType<typeof serve>>;

beforeAll(async () => {
  gateway = await serve(bus);
});
beforeEach(() => {
  asked.length = 0;
  refusal = null;
});
afterAll(() => gateway.close());

describe('the views', () => {
  it.each([
    ['GET', '/admin/projections'],
    ['POST', '/admin/projections/stock/rebuild'],
    ['POST', '/admin/projections/stock/switch'],
    ['POST', '/admin/projections/stock/rollback'],
    ['GET', '/admin/projections/stock/parked'],
    ['POST', '/admin/projections/stock/parked/mug:1/retry'],
    ['DELETE', '/admin/projections/stock/parked/mug:1'],
  ])('are for admins only: %s %s', async (method, path) => {
    expectProblem(await gateway.call(method, path, {}), 401, 'auth.missing_token');
    for (const as of ['ada:customer', 'sam:staff', 'eve:auditor'])
      expectProblem(await gateway.call(method, path, { as }), 403, 'auth.forbidden');
    expect(asked).toEqual([]);
    expect((await gateway.call(method, path)).status).toBeLessThan(300);
  });

  it('are listed, whichever can be told of now', async () => {
    const { status, body } = await gateway.call('GET', '/admin/projections');
    const { builds, ...catalog } = away;
    expect({ status, body }).toEqual({ status: 200, body: { items: [shown, catalog], nextCursor: null } });
    expect(builds).toBeNull();
  });

  it.each([
    ['rebuild', 3],
    ['switch', 3],
    ['rollback', 1],
  ])('take a %s, of the build that there is now', async (change, build) => {
    const { status, body } = await gateway.call('POST', `/admin/projections/stock/${change}`);
    expect({ status, body }).toEqual({ status: 202, body: shown });
    expect(asked).toEqual([
      ['list', {}],
      [change, { name: 'stock', build }],
    ]);
  });

  it.each(['nowhere', 'catalog'])('leave it to the projections to refuse a change of %s', async (name) => {
    await gateway.call('POST', `/admin/projections/${name}/rebuild`);
    expect(asked.at(-1)).toEqual(['rebuild', { name, build: null }]);
  });
});

describe('parked events', () => {
  it('are listed page by page', async () => {
    const first = await gateway.call('GET', '/admin/projections/stock/parked?limit=2');
    expect({ status: first.status, items: first.body['items'] }).toEqual({ status: 200, items: parked.slice(0, 2) });
    const cursor = String(first.body['nextCursor']);
    const second = await gateway.call('GET', `/admin/projections/stock/parked?limit=2&cursor=${cursor}`);
    expect(second.body).toEqual({ items: parked.slice(2), nextCursor: null });
  });

  it.each(['nonsense', Buffer.from('["x"]').toString('base64url')])('know no page %s', async (cursor) => {
    const answer = await gateway.call('GET', `/admin/projections/stock/parked?cursor=${cursor}`);
    expectProblem(answer, 400, 'request.invalid_cursor');
  });

  it.each([
    ['retry', 'POST', '/parked/mug:1/retry', 'mug:1', '7'],
    ['discard', 'DELETE', '/parked/cup_2.0', 'cup_2.0', '9'],
    ['discard', 'DELETE', '/parked/none', 'none', null],
  ])('take a %s: %s %s', async (request, method, path, key, first) => {
    const { status, body } = await gateway.call(method, `/admin/projections/stock${path}`);
    expect({ status, body }).toEqual({ status: 202, body: { key, request } });
    expect(asked.at(-1)).toEqual([request, { name: 'stock', key, first }]);
  });
});

describe('what the projections refuse', () => {
  it.each([
    ['POST', '/nowhere/rebuild', 404, 'projection.not_found'],
    ['POST', '/stock/switch', 409, 'projection.not_ready'],
    ['DELETE', '/stock/parked/mug', 404, 'projection.nothing_parked'],
    ['GET', '', 503, 'service.unavailable'],
  ] as const)('is passed on: %s %s', async (method, path, status, code) => {
    refusal = new DomainError(code, 'So it is');
    expectProblem(await gateway.call(method, `/admin/projections${path}`), status, code);
  });

  it('is everything while they are away', async () => {
    const alone = await serve(httpBusTo(['http://127.0.0.1:1']));
    expectProblem(await alone.call('GET', '/admin/projections'), 503, 'service.unavailable');
    expectProblem(await alone.call('POST', '/admin/projections/stock/switch'), 503, 'service.unavailable');
    await alone.close();
  });
});
