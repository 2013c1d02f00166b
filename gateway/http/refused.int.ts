import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { closeServer, listen } from '../../infra/process/server.js';
import { bareRoute } from './route.js';
import { createGateway } from './server.js';
import { noContent } from './success.js';
import { aNumber, aString } from './testing/client.js';
import { accessTokens } from './testing/gateway.js';
import { keptLog } from './testing/kept-log.js';
import { rawRequest, statusesIn } from './testing/raw-request.js';

const shop = 'https://shop.example';
let server: Server;
let url: string;
let log: ReturnType<typeof keptLog>;
/** Lets the one request that there is room for be answered. */
let release: () => void;

beforeEach(async () => {
  log = keptLog();
  const released = new Promise<void>((resolve) => (release = resolve));
  server = createGateway({
    accessTokens,
    log: log.log,
    corsOrigins: [shop],
    bounds: { inFlight: { most: 1, mostWaiting: 0 } },
    routes: [
      bareRoute('GET', '/slow', { id: 'slow', summary: 'Takes its time', answers: noContent }, async () => {
        server.emit('handling');
        await released;
        return { status: 204 };
      }),
      bareRoute('GET', '/health/live', { id: 'live', summary: 'Lives', answers: noContent }, () =>
        Promise.resolve({ status: 204 }),
      ),
    ],
  });
  await listen(server, { host: '127.0.0.1', port: 0 });
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  release();
  await closeServer(server);
});

/** What every answer has, whoever refused it. */
const always = {
  'content-type': 'application/problem+json',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'x-request-id': aString,
  traceparent: aString,
};
const asked = async (path: string) => {
  const response = await fetch(`${url}${path}`, { headers: { origin: shop, 'x-request-id': 'r-1' } });
  const body = (await response.json()) as Record<string, unknown>;
  return { status: response.status, headers: Object.fromEntries(response.headers), body };
};
/** A request that is being answered until `release` is called. */
const begin = async () => {
  const handling = once(server, 'handling');
  const answer = fetch(`${url}/slow`);
  await handling;
  return { answer };
};
const headersIn = (answer: string) =>
  Object.fromEntries(
    (answer.split('\r\n\r\n')[0] ?? '')
      .split('\r\n')
      .slice(1)
      .map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 2)]),
  ) as Record<string, string>;

it('can be read by pages of other origins where there is too much to do', async () => {
  const slow = await begin();
  const { status, headers, body } = await asked('/slow');
  expect({ status, code: body['code'] }).toEqual({ status: 503, code: 'gateway.overloaded' });
  expect(headers).toMatchObject({ ...always, 'x-request-id': 'r-1', 'access-control-allow-origin': shop });
  release();
  expect((await slow.answer).status).toBe(204);
});

it('is noted where nothing could be read of the request', async () => {
  const answer = await rawRequest(url, 'EHLO evermart\r\n\r\n');
  expect(statusesIn(answer)).toEqual([400]);
  const headers = headersIn(answer);
  expect(headers).toMatchObject({ ...always, connection: 'close' });
  expect(await log.logged(1)).toEqual([
    {
      ...{ level: 30, time: aNumber, msg: 'request', method: '(unknown)', pattern: '(refused)', status: 400 },
      ...{
        code: 'request.malformed',
        requestId: headers['x-request-id'],
        traceId: headers['traceparent']?.slice(3, 35),
      },
    },
  ]);
});

it('does not come of expecting something', async () => {
  const request = 'GET /health/live HTTP/1.1\r\nHost: x\r\nExpect: something\r\nConnection: close\r\n\r\n';
  expect(statusesIn(await rawRequest(url, request))).toEqual([204]);
});

it('is what it always is while the gateway stops', async () => {
  const slow = await begin();
  const closed = closeServer(server);
  const { status, headers, body } = await asked('/slow');
  expect({ status, code: body['code'] }).toEqual({ status: 503, code: 'service.unavailable' });
  expect(headers).toMatchObject({ ...always, connection: 'close', 'retry-after': '1', 'x-request-id': 'r-1' });
  expect(headers['access-control-allow-origin']).toBe(shop);
  expect(body['traceId']).toBe(headers['traceparent']?.slice(3, 35));
  expect(await log.logged(1)).toMatchObject([{ pattern: '(refused)', code: 'service.unavailable', requestId: 'r-1' }]);

  const live = await fetch(`${url}/health/live`);
  expect(live.status).toBe(204);
  expect(live.headers.get('connection')).toBe('close');
  release();
  await slow.answer;
  expect(await closed).toBe(0);
});
