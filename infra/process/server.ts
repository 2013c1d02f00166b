import type { RequestListener, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { errorCodes } from '../../domains/shared/errors.js';

/** The most that a server waits for the answers to what was begun: less than the launcher waits for a process. */
const answerWithinMs = 7_000;

/** How often a server that closes looks whether everything is answered. */
const lookEveryMs = 20;

/** What is open on a server: answers to what was begun, and connections on which no request has come yet. */
type Open = Readonly<{ responses: Set<ServerResponse>; silent: Set<Socket> }>;

const open = new WeakMap<Server, Open>();
const openOn = (server: Server): Open => {
  const known = open.get(server) ?? { responses: new Set(), silent: new Set() };
  open.set(server, known);
  return known;
};

const closings = new WeakMap<Server, AbortController>();
const closing = (server: Server): AbortController => {
  const known = closings.get(server) ?? new AbortController();
  closings.set(server, known);
  return known;
};

/** Aborts as soon as `closeServer` begins: answers that have no end of their own end then. */
export const closingOf = (server: Server): AbortSignal => closing(server).signal;

const refusals = new WeakMap<Server, RequestListener>();

/** How a server answers what comes while it closes; without, it is refused as this file does. */
export const whileClosing = (server: Server, refuse: RequestListener): void => void refusals.set(server, refuse);

/** Resolves once the server listens. @throws the listening error, such as EADDRINUSE. */
export const listen = (server: Server, { host, port }: Readonly<{ host: string; port: number }>): Promise<void> =>
  new Promise((resolve, reject) => {
    const { responses, silent } = openOn(server);
    server.on('connection', (socket) => {
      silent.add(socket);
      socket.once('close', () => silent.delete(socket));
    });
    server.on('request', ({ socket }, response) => {
      silent.delete(socket);
      responses.add(response);
      response.once('close', () => responses.delete(response));
      if (isBehindAnother(response)) closeWith(socket, response);
    });
    server.once('error', reject);
    server.listen(port, host, resolve);
  });

/** Whether an earlier request of its connection is to be answered first (RFC 9112, 9.3.2). */
const isBehindAnother = ({ socket }: ServerResponse): boolean => socket === null;

const behind = new WeakMap<Socket, Set<ServerResponse>>();

/** Node closes no answer whose turn does not come: it is closed as others are where the client goes away. */
const closeWith = (socket: Socket, response: ServerResponse) => {
  const known = behind.get(socket);
  const responses = known ?? new Set();
  responses.add(response);
  response.once('close', () => responses.delete(response));
  if (known) return;
  behind.set(socket, responses);
  socket.once('close', () => {
    for (const waiting of responses) if (isBehindAnother(waiting)) waiting.destroy().emit('close');
  });
};

/**
 * Lets a server that `listen` started answer what was begun, and refuses everything else with 503
 * `service.unavailable` meanwhile; then stops listening. Every answer closes its connection, so that nobody sends the next
 * request on one that is about to close. Resolves when the last connection has closed, with the number
 * of requests that were cut off because their answers took longer than `withinMs`.
 */
export const closeServer = (server: Server, withinMs = answerWithinMs): Promise<number> => {
  const { responses, silent } = openOn(server);
  const refuse = refusals.get(server) ?? refusePlainly;
  server.removeAllListeners('request').on('request', (request, response) => {
    silent.delete(request.socket);
    request.resume();
    response.shouldKeepAlive = false;
    refuse(request, response);
  });
  closing(server).abort();
  for (const response of responses) response.shouldKeepAlive = false;
  return new Promise((resolve) => {
    let cutOff = 0;
    // Connections whose requests were answered are closed with the server, others are not: browsers open some in advance.
    const close = () => {
      clearInterval(looking);
      server.close(() => {
        clearTimeout(bound);
        resolve(cutOff);
      });
      for (const socket of silent) socket.destroy();
    };
    const look = () => {
      if (responses.size === 0) close();
    };
    const looking = setInterval(look, lookEveryMs);
    const bound = setTimeout(() => {
      cutOff = responses.size;
      close();
      server.closeAllConnections();
    }, withinMs);
    look();
  });
};

const refusePlainly: RequestListener = (request, response) => {
  const headers = { 'retry-after': '1' };
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
