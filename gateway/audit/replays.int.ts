import type { AddressInfo } from 'node:net';
import { DomainError } from '../../domains/shared/errors.js';
import { closeServer, listen } from '../../infra/process/server.js';
import type { ServiceBus } from '../../infra/service-bus/service-bus.js';
import { silent } from '../../infra/service-bus/testing/services.js';
import { createProjectionQueries, type Replay, type ReplayedRow } from '../../projections/runner/queries.js';
import { createGateway } from '../http/server.js';
import { callAt, expectProblem, type Sent } from '../http/testing/client.js';
import { describeAt } from '../http/testing/conformance.js';
import { accessTokens } from '../http/testing/gateway.js';
import { replayRoutes } from './replay-routes.js';

const running: Replay = {
  ...{ id: 'r1', view: 'orders', at: '2030-01-01T00:00:00Z', position: null, state: 'running' },
  ...{ progress: { done: 0, total: 0 }, rows: null, checksum: null, parkedKeys: null, difference: null },
};
const done: Replay = {
  ...{ id: 'r2', view: 'orders', at: '42', position: '42', state: 'done', progress: { done: 42, total: 42 } },
  ...{ rows: 3, checksum: '1234', parkedKeys: 0, difference: { added: 0, missing: 1, changed: 2, keys: ['a'] } },
};
const rows = ['a', 'b/EUR/', 'c'].map((key): ReplayedRow => ({ key, row: { name: 'sealed:x' }, position: '7' }));

const asked: (readonly [string, unknown])[] = [];
let refusal: DomainError | null;

/** The projections, in memory. */
const answers: Readonly<Record<string, (data: never) => unknown>> = {
  replay: ({ view, at }: Replay) => ({ ...running, view, at }),
  replays: () => [running, done],
  replayOf: ({ id }: Replay) => ({ ...done, id }),
  replayRows: ({ after = '', limit }: { after?: string; limit: number }) =>
    rows.filter(({ key }) => key > after).slice(0, limit),
  dropReplay: () => null,
};
const bus: Pick<ServiceBus, 'ask'> = {
  ask: (_context, operation, data) => {
    asked.push([operation, data]);
    return refusal ? Promise.reject(refusal) : Promise.resolve(answers[operation]?.(data as never));
  },
};

const serve = async () => {
  const routes = replayRoutes({ projections: createProjectionQueries(bus) });
  const server = createGateway({ accessTokens, log: silent, routes });
  await listen(server, { host: '127.0.0.1', port: 0 });
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  describeAt(origin, routes);
  return { url: `${origin}/api/v1`, close: () => closeServer(server) };
};

let gateway: Awaited<ReturnType<typeof serve>>;
const call = (method: string, path: string, sent: Sent = {}) =>
  callAt(gateway.url, method, `/audit/replays${path}`, { as: 'eve:auditor', ...sent });

beforeAll(async () => {
  gateway = await serve();
});
beforeEach(() => {
  asked.length = 0;
  refusal = null;
});
afterAll(() => gateway.close());

describe('a replay', () => {
  it.each(['42', '2030-01-01T00:00:00Z', '2030-01-01T00:00:00.123+02:00'])('begins at %s', async (at) => {
    const { status, body, headers } = await call('POST', '', { body: { view: 'stock', at } });
    expect({ status, body }).toEqual({ status: 202, body: { ...running, view: 'stock', at } });
    expect(headers.get('location')).toBe('/api/v1/audit/replays/r1');
    expect(asked).toEqual([['replay', { id: expect.stringMatching(/^[0-9a-f-]{36}$/) as string, view: 'stock', at }]]);
  });

  it.each(['', 'yesterday', '-1', '2030-13-01T00:00:00Z', '2030-01-01', '2030-01-01T00:00:00', '1'.repeat(20)])(
    'does not begin at "%s"',
    async (at) => {
      expectProblem(await call('POST', '', { body: { view: 'stock', at } }), 400, 'request.invalid');
      expect(asked).toEqual([]);
    },
  );

  it('is listed, and shown', async () => {
    const listed = await call('GET', '');
    expect({ status: listed.status, body: listed.body }).toEqual({
      status: 200,
      body: { items: [running, done], nextCursor: null },
    });
    expect((await call('GET', '/r2')).body).toEqual(done);
  });

  it('is read page by page', async () => {
    const first = await call('GET', '/r2/rows?limit=2');
    expect({ status: first.status, items: first.body['items'] }).toEqual({ status: 200, items: rows.slice(0, 2) });
    const second = await call('GET', `/r2/rows?limit=2&cursor=${String(first.body['nextCursor'])}`);
    expect(second.body).toEqual({ items: rows.slice(2), nextCursor: null });
    expectProblem(await call('GET', '/r2/rows?cursor=x'), 400, 'request.invalid_cursor');
  });

  it('is dropped', async () => {
    expect((await call('DELETE', '/r2')).status).toBe(204);
    expect(asked.at(-1)).toEqual(['dropReplay', { id: 'r2' }]);
  });

  it.each([
    ['POST', '', 404, 'projection.not_found'],
    ['POST', '', 409, 'audit.too_many_replays'],
    ['GET', '/r9', 404, 'audit.no_replay'],
    ['GET', '/r1/rows', 409, 'audit.replay_running'],
    ['DELETE', '/r9', 404, 'audit.no_replay'],
    ['GET', '', 503, 'service.unavailable'],
  ] as const)('is refused as the projections refuse it: %s %s %i %s', async (method, path, status, code) => {
    refusal = new DomainError(code, 'So it is');
    const body = method === 'POST' ? { body: { view: 'stock', at: '1' } } : {};
    expectProblem(await call(method, path, body), status, code);
  });
});
