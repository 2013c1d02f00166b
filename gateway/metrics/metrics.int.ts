import { once } from 'node:events';
import { request, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { Registry } from 'prom-client';
import { DomainError } from '../../domains/shared/errors.js';
import { createWritableLog } from '../../infra/logging/testing/writable-log.js';
import { closeServer, listen } from '../../infra/process/server.js';
import type { CommandMessage, Receipt } from '../../infra/service-bus/service-bus.js';
import type { ProjectionStatus } from '../../projections/runner/queries.js';
import { bareRoute, query, route } from '../http/route.js';
import { createGateway } from '../http/server.js';
import { events, noContent } from '../http/success.js';
import { accessTokens } from '../http/testing/gateway.js';
import { keptLog } from '../http/testing/kept-log.js';
import { countedBus } from './counted-bus.js';
import { addPlatformMetrics, type PlatformFigures } from './platform-metrics.js';
import { metricsRoutes } from './routes.js';

let server: Server | undefined;
let log: ReturnType<typeof keptLog>;
afterEach(async () => {
  if (server) await closeServer(server);
  server = undefined;
});

const start = async (registry: Registry, metricsToken?: string) => {
  log = keptLog();
  server = createGateway({
    accessTokens,
    log: log.log,
    registry,
    routes: [
      ...metricsRoutes({ registry, metricsToken }),
      query('GET', '/orders/:id', { id: 'getOrder', summary: 'An order', access: 'public', answers: noContent }, () =>
        Promise.resolve({ status: 204 }),
      ),
      bareRoute('GET', '/never', { id: 'wait', summary: 'Has no answer', answers: noContent }, () => {
        server?.emit('handling');
        return new Promise(() => undefined);
      }),
      route('GET', '/events', { id: 'follow', summary: 'Streams', access: 'public', answers: events }, () =>
        Promise.resolve({
          status: 200,
          headers: {},
          stream: async (_sink, signal) => {
            server?.emit('handling');
            await once(signal, 'abort');
          },
        }),
      ),
      route('GET', '/broken', { id: 'break', summary: 'Breaks off', access: 'public', answers: events }, () =>
        Promise.resolve({
          status: 200,
          headers: {},
          stream: () => Promise.reject(new DomainError('audit.tampered', 'It differs')),
        }),
      ),
    ],
  });
  await listen(server, { host: '127.0.0.1', port: 0 });
};
const port = () => (server?.address() as AddressInfo).port;
const get = async (path: string, headers: Record<string, string> = {}) => {
  const response = await fetch(`http://127.0.0.1:${port()}${path}`, { headers });
  return { status: response.status, type: response.headers.get('content-type'), text: await response.text() };
};
/** The samples of a metric. */
const samplesOf = (text: string, name: string) => text.split('\n').filter((line) => line.startsWith(name));

it('counts requests by the pattern of their route, never by their address', async () => {
  await start(new Registry());
  for (const path of ['/api/v1/orders/o1', '/api/v1/orders/o2?a=b', '/nowhere/1', '/nowhere/2']) await get(path);
  await log.logged(4);
  const { status, type, text } = await get('/metrics');
  expect([status, type]).toEqual([200, Registry.PROMETHEUS_CONTENT_TYPE]);
  expect(samplesOf(text, 'evermart_request_duration_seconds_count').sort()).toEqual([
    'evermart_request_duration_seconds_count{method="GET",route="(unknown)",status="404"} 2',
    'evermart_request_duration_seconds_count{method="GET",route="/api/v1/orders/:id",status="204"} 2',
  ]);
  expect(samplesOf(text, 'evermart_requests_in_flight')).toEqual(['evermart_requests_in_flight 1']);
});

it('tells what is under way, and that somebody went away', async () => {
  await start(new Registry());
  const open = async (path: string) => {
    const handling = once(server as Server, 'handling');
    const sent = request({ host: '127.0.0.1', port: port(), path, agent: false }).end();
    sent.on('error', () => undefined);
    await handling;
    return sent;
  };
  const under = [await open('/never'), await open('/api/v1/events')];
  const { text } = await get('/metrics');
  expect(samplesOf(text, 'evermart_requests_in_flight')).toEqual(['evermart_requests_in_flight 3']);
  expect(samplesOf(text, 'evermart_streams_open')).toEqual(['evermart_streams_open 1']);
  expect(samplesOf(text, 'evermart_requests_room')).toEqual(['evermart_requests_room 512']);

  under.forEach((sent) => sent.destroy());
  await log.logged(3);
  const after = (await get('/metrics')).text;
  expect(samplesOf(after, 'evermart_streams_open')).toEqual(['evermart_streams_open 0']);
  expect(after).toContain('evermart_request_duration_seconds_count{method="GET",route="/never",status="none"} 1');
});

it('counts the streams that broke off, by what they broke off with', async () => {
  await start(new Registry());
  await expect(get('/api/v1/broken')).rejects.toThrow('terminated');
  expect(samplesOf((await get('/metrics')).text, 'evermart_streams_broken_total')).toEqual([
    'evermart_streams_broken_total{route="/api/v1/broken",code="audit.tampered"} 1',
  ]);
});

it('counts no request as under way whose client has gone before its turn', async () => {
  await start(new Registry());
  let begun = 0;
  const both = new Promise<void>((resolve) => server?.on('handling', () => (begun += 1) === 2 && resolve()));
  const socket = connect(port(), '127.0.0.1');
  socket.write('GET /never HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(2));
  await both;
  socket.destroy();
  await log.logged(2);
  expect(samplesOf((await get('/metrics')).text, 'evermart_requests_in_flight')).toEqual([
    'evermart_requests_in_flight 1',
  ]);
});

it('are for whoever shows the token, where there is one', async () => {
  await start(new Registry(), 'a-token-of-sixteen');
  expect(await get('/metrics')).toMatchObject({
    status: 401,
    text: expect.stringContaining('auth.missing_token') as string,
  });
  expect(await get('/metrics', { authorization: 'Bearer a-token-of-sixteeN' })).toMatchObject({
    status: 401,
    text: expect.stringContaining('auth.invalid_token') as string,
  });
  expect(await get('/metrics', { authorization: 'Bearer a-token-of-sixteen' })).toMatchObject({ status: 200 });
});

it('counts commands by what they come to', async () => {
  const registry = new Registry();
  const outcomes = [undefined, new DomainError('command.conflict', 'Others were faster'), new Error('broken')];
  const bus = countedBus(
    {
      send: () => {
        const error = outcomes.shift();
        return error ? Promise.reject(error) : Promise.resolve({} as Receipt);
      },
      ask: () => Promise.resolve(null),
    },
    registry,
  );
  while (outcomes.length > 0) await bus.send('orders', { type: 'PlaceOrder' } as CommandMessage).catch(() => undefined);
  expect(samplesOf(await registry.metrics(), 'evermart_commands_total{')).toEqual([
    'evermart_commands_total{type="PlaceOrder",outcome="done"} 1',
    'evermart_commands_total{type="PlaceOrder",outcome="command.conflict"} 1',
    'evermart_commands_total{type="PlaceOrder",outcome="internal.error"} 1',
  ]);
});

const view = { name: 'orders', store: 'postgres', lagEvents: 4, lagSeconds: 1.5 } as ProjectionStatus;
const figures: PlatformFigures = {
  projections: { list: () => Promise.resolve([view]) },
  sagas: () => Promise.resolve({ running: 2, needs_attention: 1 }),
  sales: () => Promise.resolve([{ currency: 'EUR', orders: 3, revenue: 2_850, refunded: 950 }]),
  soldOut: () => Promise.resolve(5),
  refusedForStock: () => Promise.resolve(0),
};
const platformSamples = async (more: Partial<PlatformFigures>) => {
  const registry = new Registry();
  addPlatformMetrics(registry, { ...figures, ...more }, { log: createWritableLog().log });
  return (await registry.metrics()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
};

it('tells how the platform and its business get on', async () => {
  expect(await platformSamples({})).toEqual([
    'evermart_projection_lag_events{view="orders",store="postgres"} 4',
    'evermart_projection_lag_seconds{view="orders",store="postgres"} 1.5',
    'evermart_sagas{status="running"} 2',
    'evermart_sagas{status="needs_attention"} 1',
    'evermart_revenue_minor_units{currency="EUR"} 1900',
    'evermart_orders_paid{currency="EUR"} 3',
    'evermart_products_sold_out 5',
    'evermart_stock_outs 0',
  ]);
});

it('leaves out what cannot be told, rather than to call it nothing', async () => {
  const away = () => Promise.reject(new DomainError('service.unavailable', 'away'));
  const all = { projections: { list: away }, sagas: away, sales: away, soldOut: away, refusedForStock: away };
  expect(await platformSamples(all)).toEqual([]);
  expect(await platformSamples({ ...all, soldOut: figures.soldOut })).toEqual(['evermart_products_sold_out 5']);
});
