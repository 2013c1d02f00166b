import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { closeServer, listen } from '../../infra/process/server.js';
import { bareRoute, query } from './route.js';
import { createGateway } from './server.js';
import { noContent } from './success.js';
import { PageQuery } from './page-query.js';
import { accessTokens } from './testing/gateway.js';
import { keptLog } from './testing/kept-log.js';
import { rawRequest, statusesIn } from './testing/raw-request.js';

let reached: string[];
let server: Server;
let url: string;

beforeAll(async () => {
  const reach = (what: string) => () => {
    reached.push(what);
    return Promise.resolve({ status: 204 });
  };
  server = createGateway({
    accessTokens,
    log: keptLog().log,
    routes: [
      bareRoute('GET', '/metrics', { id: 'hide', summary: 'May be blocked', answers: noContent }, reach('metrics')),
      query(
        'GET',
        '/things/:id',
        { id: 'list', summary: 'Things', access: 'public', query: PageQuery, answers: noContent },
        reach('thing'),
      ),
    ],
  });
  await listen(server, { host: '127.0.0.1', port: 0 });
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
beforeEach(() => {
  reached = [];
});
afterAll(() => closeServer(server));

const get = async (target: string) => {
  const bytes = Buffer.from(`GET ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`, 'latin1');
  return statusesIn(await rawRequest(url, bytes));
};

it.each([
  ...['//metrics', '/./metrics', '/x/../metrics', '/x/%2e%2e/metrics', '/%2e/metrics', '/metrics/', '/metrics/.'],
  ...[
    '/Metrics',
    '/METRICS',
    '/%6detrics',
    '/metrics%00',
    '/metrics%2f',
    '/metrics%20',
    '/metrics;a=b',
    '/metrics.json',
  ],
  ...['/\\metrics', '/metrics%c0%af', '/metrics%ff', '/%zz', '/api/v1/../../metrics', '/metrics%3f'],
])('leads nowhere but by its one name: %s', async (target) => {
  expect({ statuses: await get(target), reached }).toEqual({ statuses: [404], reached: [] });
});

it.each([
  ...['a%2fb', '..', '%2e%2e', '%00', 'a%00b', '%c0%ae%c0%ae', '%ff', 'a%0d%0ab', '__proto__%20', '%u0061'],
  ...['a%5cb', 'x'.repeat(129), '%f0%9f%98%80', 'a;b=c', 'a%3fb'],
])('leads nowhere with an id that is none: %s', async (id) => {
  expect({ statuses: await get(`/api/v1/things/${id}`), reached }).toEqual({ statuses: [404], reached: [] });
});

it.each([
  ...['limit=5&limit=6', 'limit[]=5', 'limit[__proto__]=5', '__proto__=1', '__proto__[limit]=5', 'constructor=1'],
  ...['constructor[prototype][limit]=5', 'prototype=1', 'toString=1', 'hasOwnProperty=1', 'limit=5%00'],
  ...['LIMIT=5', 'limit'],
])('is refused with a query that it does not take: %s', async (asked) => {
  expect({ statuses: await get(`/api/v1/things/1?${asked}`), reached }).toEqual({ statuses: [400], reached: [] });
});

it('is refused with very many queries, and where it is too long', async () => {
  const many = (count: number) => Array.from({ length: count }, (_, index) => `a${index}`).join('&');
  expect(await get(`/api/v1/things/1?${many(700)}`)).toEqual([400]);
  expect(await get(`/api/v1/things/1?${many(1_000)}`)).toEqual([414]);
  expect(reached).toEqual([]);
});

it.each(['__proto__', 'constructor', 'toString'])('takes an id that means something to programs: %s', async (id) => {
  expect({ statuses: await get(`/api/v1/things/${id}`), reached }).toEqual({ statuses: [204], reached: ['thing'] });
});

it('is refused with bytes that no address has', async () => {
  expect(await get('/metrics\xc0\xaf')).toEqual([400]);
});
