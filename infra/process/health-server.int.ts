import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Gauge, Registry } from 'prom-client';
import { serveHealth } from './health-server.js';
import { closeServer } from './server.js';

let server: Server;
afterEach(() => closeServer(server));

const get = async (path: string) => {
  const response = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`);
  return { status: response.status, type: response.headers.get('content-type'), text: await response.text() };
};

it('tells the metrics of a registry', async () => {
  const registry = new Registry();
  new Gauge({ name: 'orders', help: 'Orders', registers: [registry] }).set(3);
  server = await serveHealth({ host: '127.0.0.1', port: 0 }, {}, { registry });
  expect(await get('/metrics')).toMatchObject({ status: 200, type: registry.contentType });
  expect((await get('/metrics')).text).toContain('orders 3\n');
  expect((await get('/health/live')).status).toBe(204);
});

it('has no metrics without one', async () => {
  server = await serveHealth({ host: '127.0.0.1', port: 0 }, {});
  expect((await get('/metrics')).status).toBe(404);
  expect((await get('/health/ready')).status).toBe(200);
});
