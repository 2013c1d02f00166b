import { once } from 'node:events';
import { connect as connectHttp2 } from 'node:http2';
import { connect, type Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { connect as connectTls } from 'node:tls';
import { generate } from 'selfsigned';
import { createActivity, type Activity } from './activity.js';
import { listen, type Listener, type ListenerOptions } from './listener.js';
import { startStore } from './testing/store.js';

type Arrival = Readonly<{ protocol: 'grpc' | 'http'; socket: Socket }>;

const listeners: Listener[] = [];
const clients: Socket[] = [];
afterEach(() => {
  for (const client of clients.splice(0)) client.destroy();
  for (const { close, destroy } of listeners.splice(0)) {
    close();
    destroy();
  }
});

const start = async (options: Partial<ListenerOptions> = {}) => {
  const activity = createActivity();
  const arrivals: Arrival[] = [];
  const waiting: ((arrival: Arrival) => void)[] = [];
  const arrive = (protocol: Arrival['protocol']) => (socket: Socket) => {
    const next = waiting.shift();
    if (next) next({ protocol, socket });
    else arrivals.push({ protocol, socket });
  };
  const listener = await listen(
    { host: '127.0.0.1', port: 0, tls: undefined, activity, ...options },
    { grpc: arrive('grpc'), http: arrive('http') },
  );
  listeners.push(listener);
  const arrival = () =>
    new Promise<Arrival>((resolve) => {
      const next = arrivals.shift();
      if (next) resolve(next);
      else waiting.push(resolve);
    });
  return { listener, activity, arrival };
};

const client = (port: number): Socket => {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  socket.on('error', () => socket.destroy());
  clients.push(socket);
  return socket;
};

const closed = async (socket: Socket) => {
  socket.resume();
  if (!socket.closed) await once(socket, 'close');
};

/** The client sees the end of a connection before the server does. */
const untilOpen = async (activity: Activity, count: number) => {
  while (activity.connections !== count) await nextTurn();
};

/** One packet after the other: each is sent once the one before has been read. */
const sendInPieces = async (socket: Socket, pieces: readonly string[]) => {
  for (const piece of pieces) {
    await new Promise((resolve) => socket.write(piece, resolve));
    await nextTurn();
  }
};

const inPieces = (text: string) => Array.from(text);

const preface = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n';

it.each([
  ['HTTP/2', [`${preface}rest`], 'grpc'],
  ['HTTP/2 that comes in pieces', [...inPieces(preface), 'rest'], 'grpc'],
  ['HTTP/1.1', ['GET / HTTP/1.1\r\n\r\n'], 'http'],
  ['HTTP/1.1 that begins like HTTP/2', inPieces('PRI * HTTP/1.1\r\n\r\n'), 'http'],
  ['a POST in pieces', inPieces('POST / HTTP/1.1\r\n\r\n'), 'http'],
])('hands on %s, with all that came', async (_which, pieces, protocol) => {
  const { listener, arrival } = await start();
  const socket = client(listener.port);
  const arriving = arrival();
  await sendInPieces(socket, pieces);
  const arrived = await arriving;
  expect(arrived.protocol).toBe(protocol);
  socket.end();
  const bytes: Buffer[] = [];
  for await (const chunk of arrived.socket) bytes.push(chunk as Buffer);
  expect(Buffer.concat(bytes).toString()).toBe(pieces.join(''));
});

it.each([
  ['nothing', ''],
  ['a part of the beginning', 'PRI * HTTP'],
])('closes a connection that sends %s', async (_what, bytes) => {
  const { listener, activity } = await start({ patience: 20 });
  const socket = client(listener.port);
  if (bytes !== '') socket.write(bytes);
  await closed(socket);
  expect(activity).toMatchObject({ silentConnections: 1, acceptedConnections: 1 });
});

it('closes a connection of HTTP/1.1 that does not come to its end', async () => {
  const { listener, activity } = await start({ patience: 20 });
  const socket = client(listener.port);
  socket.write('GET / HTTP/1.1\r\nhost: x\r\n');
  await closed(socket);
  expect(activity.silentConnections).toBe(1);
});

it('leaves a connection of HTTP/2 open', async () => {
  const { listener, activity, arrival } = await start({ patience: 20 });
  const [kept, silent] = [client(listener.port), client(listener.port)];
  kept.write(preface);
  const { socket } = await arrival();
  await closed(silent);
  await closed(client(listener.port));
  expect(socket.destroyed).toBe(false);
  await untilOpen(activity, 1);
  expect(activity).toMatchObject({ acceptedConnections: 3, silentConnections: 2 });
});

describe('with TLS', () => {
  const keyPair = async () => {
    const made = await generate([], { keyType: 'ec', algorithm: 'sha256' });
    return { certificate: made.cert, key: made.private };
  };

  it.each([['h2'], ['http/1.1'], [undefined]])('hands on both protocols, negotiated as %s', async (negotiated) => {
    const tls = await keyPair();
    const { listener, arrival } = await start({ tls });
    const protocols = negotiated === undefined ? [] : [negotiated];
    for (const [bytes, protocol] of [
      [preface, 'grpc'],
      ['GET / HTTP/1.1\r\n\r\n', 'http'],
    ] as const) {
      const options = { ca: tls.certificate, ALPNProtocols: protocols, checkServerIdentity: () => undefined };
      const socket = connectTls({ port: listener.port, host: '127.0.0.1', ...options });
      clients.push(socket);
      socket.write(bytes);
      expect((await arrival()).protocol).toBe(protocol);
    }
  });

  it.each([
    ['sends nothing', (socket: Socket) => void socket.resume()],
    ['begins a handshake', (socket: Socket) => void socket.write(Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00, 0x01]))],
    [
      'says nothing after it',
      (socket: Socket) => void connectTls({ socket, rejectUnauthorized: false }).on('error', () => undefined),
    ],
  ])('closes a connection that %s', async (_what, act) => {
    const { listener, activity } = await start({ tls: await keyPair(), patience: 50 });
    const socket = client(listener.port);
    act(socket);
    await closed(socket);
    await untilOpen(activity, 0);
    expect(activity.silentConnections).toBe(1);
  });
});

it('destroys what is open, also before it said anything', async () => {
  const { listener, activity, arrival } = await start();
  const sockets = [client(listener.port), client(listener.port)];
  sockets[0]?.write('GET');
  await arrival();
  for (const socket of sockets) if (socket.connecting) await once(socket, 'connect');
  listener.close();
  listener.destroy();
  await Promise.all(sockets.map(closed));
  await untilOpen(activity, 0);
  expect(sockets.every(({ destroyed }) => destroyed)).toBe(true);
});

describe('the server', () => {
  it('ends at once while connections are open that say nothing', async () => {
    const store = await startStore();
    const silent = [client(store.server.port), client(store.server.port)];
    silent[0]?.write('PRI');
    await Promise.all(silent.map((socket) => once(socket, 'connect')));
    await store.end();
    await Promise.all(silent.map(closed));
    expect(silent.every(({ destroyed }) => destroyed)).toBe(true);
  });

  it('answers the pings that keep a connection alive', async () => {
    const store = await startStore();
    const session = connectHttp2(`http://127.0.0.1:${store.server.port}`);
    await once(session, 'connect');
    for (let count = 0; count < 50; count += 1)
      await new Promise<void>((resolve, reject) => {
        session.ping((error) => (error ? reject(error) : resolve()));
      });
    expect(session.closed).toBe(false);
    session.destroy();
    await store.end();
  });
});
