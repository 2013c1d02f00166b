import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import type { Activity } from './activity.js';
import { CannotListen } from './cannot-listen.js';
import type { KeyPair } from './security/certificates.js';

/** Without `tls` the connections are plain. `patience` is in milliseconds. */
export type ListenerOptions = Readonly<{
  host: string;
  port: number;
  tls: KeyPair | undefined;
  activity: Activity;
  patience?: number;
}>;

/** Who takes over a connection once it has said which protocol it speaks. */
export type Protocols = Readonly<{ grpc: (socket: Socket) => void; http: (socket: Socket) => void }>;

/** `close` ends the listening, not the connections, and `destroy` these as well. */
export type Listener = Readonly<{ port: number; close: () => void; destroy: () => void }>;

/** How long a connection may take to say what it wants, and one of HTTP/1.1 to be over. */
const defaultPatience = 10_000;

/**
 * Listens for gRPC and for HTTP/1.1 on one port, with TLS or without it.
 *
 * @throws CannotListen when the port is taken or the host is not one of this machine.
 */
export const listen = async (options: ListenerOptions, protocols: Protocols): Promise<Listener> => {
  const { host, port, tls, activity, patience = defaultPatience } = options;
  const sockets = new Set<Socket>();
  const count = (socket: Socket) => {
    sockets.add(socket);
    activity.connections += 1;
    activity.acceptedConnections += 1;
    socket.setNoDelay(true);
    socket.once('error', () => socket.destroy());
    socket.once('close', () => {
      sockets.delete(socket);
      activity.connections -= 1;
    });
  };
  const abandon = (socket: Socket) => {
    activity.silentConnections += 1;
    socket.destroy();
  };
  const tellApart = (socket: Socket) => {
    const timer = setTimeout(abandon, patience, socket);
    socket.once('close', () => clearTimeout(timer));
    whenProtocolKnown(socket, (isHttp2) => {
      if (isHttp2) clearTimeout(timer);
      if (!server.listening) socket.destroy();
      else if (isHttp2) protocols.grpc(socket);
      else protocols.http(socket);
    });
  };

  const server = tls ? createSecureServer(tls, patience, tellApart, abandon) : createServer(tellApart);
  server.prependListener('connection', count);
  await bind(server, host, port);
  return {
    port: (server.address() as AddressInfo).port,
    close: () => server.close(),
    destroy: () => sockets.forEach((socket) => socket.destroy()),
  };
};

const createSecureServer = (
  { certificate, key }: KeyPair,
  patience: number,
  onSecure: (socket: Socket) => void,
  abandon: (socket: Socket) => void,
) =>
  createTlsServer(
    { cert: certificate, key, ALPNProtocols: ['h2', 'http/1.1'], handshakeTimeout: patience },
    (socket) => {
      socket.once('error', () => socket.destroy());
      onSecure(socket);
    },
  ).on('tlsClientError', (error: NodeJS.ErrnoException, socket) => {
    if (error.code === 'ERR_TLS_HANDSHAKE_TIMEOUT') abandon(socket);
    else socket.destroy();
  });

/** Every HTTP/2 connection begins with it, and no other does (RFC 9113, section 3.4). */
const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');

/** Reads as much as tells the protocols apart, and puts it back. Says nothing when the connection ends before that. */
const whenProtocolKnown = (socket: Socket, tell: (isHttp2: boolean) => void) => {
  let first = Buffer.alloc(0);
  const onReadable = () => {
    const chunk = socket.read() as Buffer | null;
    if (chunk === null) return;
    first = Buffer.concat([first, chunk]);
    const compared = Math.min(first.length, preface.length);
    const isHttp2 = first.subarray(0, compared).equals(preface.subarray(0, compared));
    if (isHttp2 && compared < preface.length) return;
    socket.off('readable', onReadable);
    socket.unshift(first);
    tell(isHttp2);
  };
  socket.on('readable', onReadable);
};

const bind = async (server: Server, host: string, port: number) => {
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new CannotListen(code === 'EADDRINUSE' ? `Port ${port} on ${host} is already in use` : message);
  }
};
