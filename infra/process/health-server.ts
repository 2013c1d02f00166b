import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { Registry } from 'prom-client';
import { readyAnswer, type ReadinessChecks } from './health.js';
import { listen } from './server.js';

/**
 * Serves `/health/live` (204), `/health/ready` (200 or 503, with what is missing) and, where there is a registry,
 * `/metrics` (Prometheus) for a role without a public API; `others` answers whatever else is asked of it.
 *
 * @throws the listening error, such as EADDRINUSE.
 */
export const serveHealth = async (
  { host, port }: Readonly<{ host: string; port: number }>,
  checks: ReadinessChecks,
  { registry, others = nothingHere }: Readonly<{ registry?: Registry; others?: RequestListener }> = {},
): Promise<Server> => {
  const server = createServer((request, response) => {
    if (request.url === '/health/live') {
      response.writeHead(204).end();
      return;
    }
    if (request.url === '/metrics' && registry) {
      void tell(registry, response);
      return;
    }
    if (request.url !== '/health/ready') {
      others(request, response);
      return;
    }
    void readyAnswer(checks).then(({ status, body }) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(body));
    });
  });
  await listen(server, { host, port });
  return server;
};

const nothingHere: RequestListener = (_request, response) => void response.writeHead(404).end();

const tell = async (registry: Registry, response: ServerResponse): Promise<void> => {
  const text = await registry.metrics();
  response.writeHead(200, { 'content-type': registry.contentType }).end(text);
};
