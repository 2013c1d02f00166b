import type { RequestListener, Server } from 'node:http';
import { errorCodes } from '../../domains/shared/errors.js';

/** The most that a server waits for the answers to what was begun: less than the launcher waits for a process. */
const answerWithinMs = 7_000;

/** How often a server that closes looks whether everything is answered. */
const lookEveryMs = 20;

const underWay = new WeakMap<Server, number>();
const requestsUnderWay = (server: Server): number => underWay.get(server) ?? 0;

const closings = new WeakMap<Server, AbortController>();
const closing = (server: Server): AbortController => {
  const known = closings.get(server) ?? new AbortController();
  closings.set(server, known);
  return known;
};

/** Aborts as soon as `closeServer` begins: answers that have no end of their own end then. */
export const closingOf = (server: Server): AbortSignal => closing(server).signal;

/** Resolves once the server listens. @throws the listening error, such as EADDRINUSE. */
export const listen = (server: Server, { host, port }: Readonly<{ host: string; port: number }>): Promise<void> =>
  new Promise((resolve, reject) => {
    server.on('request', (_request, response) => {
      underWay.set(server, requestsUnderWay(server) + 1);
      response.once('close', () => underWay.set(server, requestsUnderWay(server) - 1));
    });
    server.once('error', reject);
    server.listen(port, host, resolve);
  });

/**
 * Lets a server that `listen` started answer what was begun, and refuses everything else with 503
 * `service.unavailable` meanwhile; then stops listening. Resolves when the last connection has closed, with the number
 * of requests that were cut off because their answers took longer than `withinMs`.
 */
export const closeServer = (server: Server, withinMs = answerWithinMs): Promise<number> => {
  server.removeAllListeners('request').on('request', refuse);
  closing(server).abort();
  return new Promise((resolve) => {
    let cutOff = 0;
    // Connections without a request are closed with the server.
    const close = () => {
      clearInterval(looking);
      server.close(() => {
        clearTimeout(bound);
        resolve(cutOff);
      });
    };
    const look = () => {
      if (requestsUnderWay(server) === 0) close();
    };
    const looking = setInterval(look, lookEveryMs);
    const bound = setTimeout(() => {
      cutOff = requestsUnderWay(server);
      close();
      server.closeAllConnections();
    }, withinMs);
    look();
  });
};

const refuse: RequestListener = (request, response) => {
  const headers = { connection: 'close', 'retry-after': '1' };
  request.resume();
  if (request.url === '/health/live') {
    response.writeHead(204, headers).end();
    return;
  }
  const code = 'service.unavailable';
  const { status, title } = errorCodes[code];
  const problem = { type: `urn:evermart:problem:${code}`, title, status, code };
  response.writeHead(status, { ...headers, 'content-type': 'application/problem+json' });
  response.end(JSON.stringify({ ...problem, detail: 'This process is stopping; try again soon' }));
};
