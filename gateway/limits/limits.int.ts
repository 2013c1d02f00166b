import type { Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { DomainError } from '../../domains/shared/errors.js';
import { closeServer, listen } from '../../infra/process/server.js';
import { bareRoute, query, rawRoute, route } from '../http/route.js';
import { createGateway } from '../http/server.js';
import { events, noContent } from '../http/success.js';
import { keptLog } from '../http/testing/kept-log.js';
import { createRateLimits } from './rate-limits.js';

const described = { summary: 'Tries', answers: noContent } as const;
let server: Server;
let url: string;
let verified: string[];
let handling: (() => void)[];

/** Answers `/reads` at once and `/slow` when `handling` is told to. */
beforeEach(async () => {
  verified = [];
  handling = [];
  server = createGateway({
    log: keptLog().log,
    trustedProxies: ['127.0.0.1'],
    rateLimits: createRateLimits({ perSecond: 0.01, burst: 3 }),
    bounds: {
      patience: { headersMs: 300, requestMs: 600 },
      inFlight: { most: 2, mostWaiting: 1, waitMs: 200 },
      streams: { mostOfClient: 3 },
    },
    accessTokens: {
      recall: (token) => (verified.includes(token) && isGood(token) ? callerOf(token) : undefined),
      verify: (token) => {
        verified.push(token);
        if (token === 'unlucky') throw new DomainError('service.unavailable', 'The keys cannot be looked up');
        if (token.startsWith('forged'))
          throw new DomainError('auth.invalid_token', 'The access token is not one of ours');
        return Promise.resolve(callerOf(token));
      },
    },
    routes: [
      query('GET', '/reads', { ...described, id: 'read', access: 'signed_in' }, () => Promise.resolve({ status: 204 })),
      query('GET', '/staff', { ...described, id: 'staff', access: { roles: ['staff'] } }, () =>
        Promise.resolve({ status: 204 }),
      ),
      route('POST', '/users', { ...described, id: 'register', access: 'public' }, () =>
        Promise.resolve({ status: 204 }),
      ),
      query('GET', '/public', { ...described, id: 'public', access: 'public' }, () => Promise.resolve({ status: 204 })),
      route('POST', '/commands', { ...described, id: 'command', access: 'signed_in' }, () =>
        Promise.resolve({ status: 204 }),
      ),
      query('GET', '/stream', { id: 'stream', summary: 'Streams', access: 'signed_in', answers: events }, () =>
        Promise.resolve({
          status: 200,
          headers: {},
          stream: () => new Promise<void>((resolve) => handling.push(resolve)),
        }),
      ),
      bareRoute('GET', '/slow', { ...described, id: 'slow' }, async () => {
        await new Promise<void>((resolve) => {
          handling.push(resolve);
          server.emit('handling');
        });
        return { status: 204 };
      }),
      rawRoute('POST', '/notices', { ...described, id: 'notice' }, () => Promise.resolve({ status: 204 })),
      bareRoute('GET', '/health/live', { ...described, id: 'live' }, () => Promise.resolve({ status: 204 })),
    ],
  });
  await listen(server, { host: '127.0.0.1', port: 0 });
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  finish();
  const { status } = await fetch(`${url}/health/live`);
  await closeServer(server);
  if (status !== 204) throw new Error('It does not answer any more');
});

const isGood = (token: string) => token !== 'unlucky' && !token.startsWith('forged');
const callerOf = (token: string) => ({ userId: token, roles: [] });
const finish = () => handling.splice(0).forEach((done) => done());
const get = (path: string, token?: string, method = 'GET') =>
  fetch(`${url}/api/v1${path}`, {
    method,
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
  });
const codeOf = async (response: Response) => ((await response.json()) as { code: string }).code;
const opened = (): Socket => connect(Number(new URL(url).port), '127.0.0.1');
/** All that comes back until the server ends the connection. */
const answersTo = (sent: string, socket = opened()): Promise<string> =>
  new Promise((resolve) => {
    let text = '';
    socket.setEncoding('utf8').on('data', (more: string) => (text += more));
    socket.on('error', () => undefined).once('close', () => resolve(text));
    socket.write(sent);
  });
const underWay = (count: number) =>
  new Promise<void>((resolve) => {
    const look = () => {
      if (handling.length < count) return;
      server.off('handling', look);
      resolve();
    };
    server.on('handling', look);
    look();
  });
const statuses = (text: string) => [...text.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => Number(status));

describe('requests of one person', () => {
  it('are told how many more may come, and refused with when to come again', async () => {
    const first = await get('/reads', 'ada');
    expect(first.status).toBe(204);
    expect(first.headers.get('ratelimit-policy')).toBe('"reads";q=3;w=300');
    expect(first.headers.get('ratelimit')).toBe('"reads";r=2;t=100');
    await Promise.all([get('/reads', 'ada'), get('/reads', 'ada')]);
    const refused = await get('/reads', 'ada');
    expect([refused.status, await codeOf(refused)]).toEqual([429, 'rate.limited']);
    expect(refused.headers.get('ratelimit')).toMatch(/^"reads";r=0;t=(299|300)$/);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(90);
  });

  it('are not counted with those of others, nor with those of another class', async () => {
    for (let sent = 0; sent < 4; sent += 1) await get('/reads', 'ada');
    expect((await get('/reads', 'eve')).status).toBe(204);
    expect((await get('/commands', 'ada', 'POST')).status).toBe(204);
  });

  it('are counted by the address where nobody has to sign in', async () => {
    for (let sent = 0; sent < 3; sent += 1) expect((await get('/public', `any ${sent}`)).status).toBe(204);
    expect((await get('/public')).status).toBe(429);
  });

  it('are counted by the address that a proxy tells', async () => {
    const from = (address: string) => fetch(`${url}/api/v1/public`, { headers: { 'x-forwarded-for': address } });
    for (let sent = 0; sent < 4; sent += 1) await from('192.0.2.7');
    expect([(await from('192.0.2.7')).status, (await from('192.0.2.8')).status]).toEqual([429, 204]);
  });
});

it('a registration is let through a tenth as often', async () => {
  const first = await get('/users', undefined, 'POST');
  expect([first.status, first.headers.get('ratelimit-policy')]).toEqual([204, '"registrations";q=1;w=1000']);
  expect((await get('/users', undefined, 'POST')).status).toBe(429);
});

describe('addresses that lead nowhere', () => {
  it('are counted as reads of whoever tries them', async () => {
    const tries = ['/nowhere', '/public/%zz'].map((path) => get(path));
    const statuses = (await Promise.all([...tries, get('/public', undefined, 'DELETE')])).map(({ status }) => status);
    expect(statuses).toEqual([404, 404, 405]);
    const refused = [
      await get('/nowhere'),
      await get('/%zz'),
      await get('/public', undefined, 'DELETE'),
      await get('/public'),
    ];
    for (const answer of refused) {
      expect([answer.status, await codeOf(answer)]).toEqual([429, 'rate.limited']);
      expect(answer.headers.get('ratelimit-policy')).toBe('"reads";q=3;w=300');
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(90);
    }
    expect((await get('/reads', 'ada')).status).toBe(204);
  });
});

describe('forged tokens', () => {
  it('are not looked at any more after a few, while whoever is known goes on', async () => {
    await get('/reads', 'ada');
    const sent = Array.from({ length: 10 }, (_, index) => get('/reads', `forged${index}`));
    const codes = (await Promise.all(sent)).map(({ status }) => status).sort();
    expect(codes).toEqual([401, 401, 401, 429, 429, 429, 429, 429, 429, 429]);
    expect(verified.filter((token) => token.startsWith('forged'))).toHaveLength(3);
    expect((await get('/reads', 'ada')).status).toBe(204);
  });

  it('are known however they are sent', async () => {
    const sent = ['Bearer ada', 'Bearer  ada', 'bearer   ada'];
    for (const authorization of [
      'Bearer forged',
      'Bearer forged',
      ...sent.slice(0, 1),
      'Bearer forged',
      ...sent.slice(1),
    ])
      await fetch(`${url}/api/v1/commands`, { method: 'POST', headers: { authorization } }).then(({ status }) =>
        expect(status).toBe(authorization.includes('ada') ? 204 : 401),
      );
  });

  it.each([
    ['may not do what was asked', '/staff', 'ada', 403],
    ['could not be looked at', '/reads', 'unlucky', 503],
  ])('are none of those whose bearer %s', async (_why, path, token, status) => {
    for (let sent = 0; sent < 5; sent += 1) expect((await get(path, token)).status).toBe(status);
  });

  it('are counted also where they are none', async () => {
    for (let sent = 0; sent < 3; sent += 1) expect((await get('/reads')).status).toBe(401);
    expect((await get('/reads')).status).toBe(429);
  });
});

describe('more than can be done at once', () => {
  it('waits, then is refused; who asks how the platform is always gets an answer', async () => {
    const busy = [fetch(`${url}/slow`), fetch(`${url}/slow`)];
    await underWay(2);
    const waiting = get('/public');
    const outcomes = [];
    // One of them waits, for as long as it may.
    for (const answer of await Promise.all([waiting, fetch(`${url}/slow`)])) outcomes.push(await codeOf(answer));
    expect(outcomes).toEqual(['gateway.overloaded', 'gateway.overloaded']);
    expect((await fetch(`${url}/health/live?asked=often`)).status).toBe(204);
    const like = await Promise.all(['/healthy', '/metrics/x', '/health/live/'].map((path) => fetch(url + path)));
    expect(new Set(like.map(({ status }) => status))).toEqual(new Set([503]));
    const next = get('/public');
    finish();
    expect((await Promise.all(busy)).map(({ status }) => status)).toEqual([204, 204]);
    expect((await next).status).toBe(204);
  });

  it('are no streams, which have a bound of their own', async () => {
    const streams = await Promise.all([get('/stream', 'ada'), get('/stream', 'ada'), get('/stream', 'ada')]);
    expect((await get('/reads', 'eve')).status).toBe(204);
    expect(await codeOf(await get('/stream', 'eve'))).toBe('gateway.overloaded');
    finish();
    await Promise.all(streams.map((stream) => stream.text()));
  });

  it('leaves room behind where a client that sent many requests goes away', async () => {
    const gone = new Promise((resolve) => server.once('connection', (taken) => taken.once('close', resolve)));
    const socket = opened();
    socket.write('GET /slow HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(2));
    await underWay(2);
    socket.destroy();
    await gone;
    expect((await get('/reads', 'ada')).status).toBe(204);
  });

  it('is answered all the same where one connection sends it without reading', async () => {
    const many = 'GET /api/v1/public HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(200);
    const found = statuses(await answersTo(`${many}GET /health/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`));
    expect(found).toHaveLength(201);
    expect(found.filter((status) => ![204, 429, 503].includes(status))).toEqual([]);
    expect(found.at(-1)).toBe(204);
  });
});

describe('a request that is no good from the start', () => {
  const head = 'GET /health/live HTTP/1.1\r\nHost: x\r\n';
  it.each<[string, string, number, string]>([
    ['large headers', `${head}x-large: ${'x'.repeat(20_000)}\r\n\r\n`, 431, 'request.headers_too_large'],
    ['many headers', `${head}${'x-many: x\r\n'.repeat(150)}\r\n`, 431, 'request.headers_too_large'],
    ['a long address', `GET /${'x'.repeat(5_000)} HTTP/1.1\r\nHost: x\r\n\r\n`, 414, 'request.target_too_long'],
    ['another protocol', 'EHLO evermart\r\n\r\n', 400, 'request.malformed'],
    ['two lengths', `${head}Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n`, 400, 'request.malformed'],
    ['headers that never end', head, 408, 'request.timeout'],
    [
      'a body that is read and never ends',
      'POST /api/v1/notices HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nx',
      408,
      'request.timeout',
    ],
    ['a body that never ends and that nobody reads', `${head}Content-Length: 10\r\n\r\nx`, 204, ''],
  ])('since it has %s is answered with a problem, and the connection ends', async (_what, sent, status, code) => {
    const text = await answersTo(sent);
    expect(statuses(text)[0]).toBe(status);
    if (code === '') return;
    const [top = '', body = ''] = text.split('\r\n\r\n');
    expect(JSON.parse(body)).toMatchObject({ code, status, type: `urn:evermart:problem:${code}` });
    expect(top).toMatch(/\r\ncontent-type: application\/problem\+json\r\n/i);
    expect(top).toMatch(/\r\ntraceparent: 00-[\da-f]{32}-[\da-f]{16}-01/i);
    expect(top).not.toMatch(/node|express/i);
  });
});
