import { createServer as createHttpServer } from 'node:http';
import { createServer, isIPv4, type AddressInfo, type Server, type Socket } from 'node:net';
import { once } from 'node:events';

/** Cannot listen where it was asked to: the message says why. */
export class CannotListen extends Error {
  override readonly name = 'CannotListen';
}

/**
 * Listens for gRPC, which goes to `inject`, and for plain HTTP, which answers `GET /health/live`, on one port.
 *
 * @throws CannotListen when the host is not this machine alone or the port is taken.
 */
export const listen = async (host: string, port: number, inject: (socket: Socket) => void): Promise<Listener> => {
  if (!isLoopback(host))
    throw new CannotListen(`The event store has no TLS and listens on loopback only, not on ${host}: use 127.0.0.1`);
  const http = createHealthServer();
  const server = createServer((socket) => {
    socket.setNoDelay(true);
    socket.once('error', () => socket.destroy());
    socket.once('readable', () => {
      const first = socket.read() as Buffer | null;
      if (first === null) return;
      socket.unshift(first);
      if (isHttp2(first)) inject(socket);
      else http.emit('connection', socket);
    });
  });
  await bind(server, host, port);
  return { port: (server.address() as AddressInfo).port, close: () => server.close() };
};

/** `close` ends the listening, not the connections. */
export type Listener = Readonly<{ port: number; close: () => void }>;

const isLoopback = (host: string) =>
  host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'));

/** Every HTTP/2 connection begins with `PRI * HTTP/2.0`, and no other does. */
const isHttp2 = (first: Buffer) => first.subarray(0, 3).toString() === 'PRI'.slice(0, first.length);

const createHealthServer = () =>
  createHttpServer({ keepAlive: false }, (request, response) => {
    response.setHeader('connection', 'close');
    response.writeHead(request.method === 'GET' && request.url === '/health/live' ? 204 : 404).end();
  });

const bind = async (server: Server, host: string, port: number) => {
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new CannotListen(code === 'EADDRINUSE' ? `Port ${port} on ${host} is already in use` : message);
  }
};
