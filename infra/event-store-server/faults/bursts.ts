import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { batchAppend, batchAppendPath, paths, readPath, subscriptionToAll } from './messages.js';
import { connectRaw, framed, type RawConnection } from './raw-grpc.js';
import type { Random } from './random.js';

/** Speaks nonsense to the server on a port, and goes away. */
export type Burst = (port: number, random: Random) => Promise<void>;

const preface = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n';
const emptySettings = Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]);

/** What clients do that are broken, hostile or gone. */
export const bursts: Readonly<Record<string, Burst>> = {
  'noise after the preface': (port, random) =>
    onSockets(port, 20, (socket) =>
      socket.write(Buffer.concat([Buffer.from(preface), random.bytes(random.between(1, 4_000))])),
    ),

  'frames of noise': (port, random) =>
    onSockets(port, 20, (socket) => {
      const frames = Array.from({ length: random.between(1, 30) }, () => frameOfNoise(random));
      socket.write(Buffer.concat([Buffer.from(preface), emptySettings, ...frames]));
    }),

  'noise instead of HTTP': (port, random) =>
    onSockets(port, 30, (socket) =>
      socket.write(Buffer.concat([Buffer.from(random.oneOf(beginnings)), random.bytes(random.between(0, 20_000))])),
    ),

  'half a preface': (port, random) =>
    onSockets(port, 50, (socket) => socket.write(preface.slice(0, random.between(1, preface.length - 1)))),

  'connections that vanish': async (port, random) => {
    for (let left = 1_000; left > 0; left -= 50)
      await Promise.all(
        Array.from({ length: 50 }, async () => {
          const socket = connect(port, '127.0.0.1');
          socket.on('error', () => undefined);
          await once(socket, 'connect');
          if (random.between(0, 1) === 1) socket.write(preface);
          if (random.between(0, 1) === 1) socket.resetAndDestroy();
          else socket.destroy();
        }),
      );
  },

  'headers beyond all measure': onConnection((connection, random) => {
    for (const path of paths) {
      connection.begin(path, { 'x-large': 'x'.repeat(random.between(10_000, 60_000)) }).end();
      const many = Array.from({ length: 200 }, (_, index) => [`x-${index}`, 'x'.repeat(100)] as const);
      connection.begin(path, Object.fromEntries(many)).end();
    }
  }),

  'wrong lengths and flags': onConnection((connection, random) => {
    for (const path of paths) {
      const message = Buffer.from(batchAppend(randomUUID()));
      const length = random.oneOf([0, 1, message.length - 1, message.length + 1, 17 * 2 ** 20 - 1, 2 ** 32 - 1]);
      connection.begin(path).end(framed(message, length));
      connection.begin(path).end(framed(message, message.length, random.between(1, 255)));
      connection.begin(path).end(framed(message).subarray(0, random.between(0, message.length + 4)));
    }
  }),

  'messages of noise': onConnection((connection, random) => {
    for (const path of paths) {
      connection.begin(path).end(framed(random.bytes(random.between(0, 500))));
      for (const message of [batchAppend(randomUUID()), subscriptionToAll()])
        connection.begin(path).end(framed(changed(Buffer.from(message), random)));
    }
  }),

  'messages that are too large': onConnection(async (connection, random) => {
    const path = random.oneOf(paths);
    const status = await connection.call(path, framed(Buffer.alloc(17 * 1024 * 1024 + random.between(1, 1_000))));
    if (status === '0') throw new Error(`A message that is too large was taken by ${path}`);
  }),

  'calls that there are not': onConnection(async (connection, random) => {
    for (const path of ['/', '/a/b', '//', `/event_store.client.streams.Streams/${random.between(1, 9)}`, '/%00/é']) {
      connection.begin(path, { ':method': random.oneOf(['GET', 'PUT', 'DELETE']) }).end();
      connection.begin(path, { 'content-type': 'text/plain' }).end(framed(random.bytes(10)));
      await connection.call(path, framed(random.bytes(10)));
    }
  }),

  'readers that never read': onConnection(async (connection) => {
    for (let reader = 0; reader < 20; reader += 1) {
      const call = connection.begin(readPath);
      call.end(framed(subscriptionToAll()));
      await once(call, 'response');
    }
  }),

  'appends that are cut': onConnection((connection, random) => {
    for (let count = 0; count < 20; count += 1) {
      const call = connection.begin(batchAppendPath);
      call.write(framed(batchAppend(randomUUID(), { isFinal: false, bytes: random.between(0, 100_000) })));
      const message = framed(batchAppend(randomUUID()));
      call.write(message.subarray(0, random.between(1, message.length)));
      if (random.between(0, 1) === 1) call.close(random.between(0, 13));
    }
  }),

  'ids that come twice': onConnection(async (connection) => {
    const id = randomUUID();
    const messages = [batchAppend(id), batchAppend(id), batchAppend(id, { isFinal: false }), batchAppend(id)];
    await connection.call(batchAppendPath, Buffer.concat(messages.map((message) => framed(message))));
  }),

  'deadlines that have passed': onConnection(async (connection, random) => {
    for (const path of paths)
      connection
        .begin(path, { 'grpc-timeout': random.oneOf(['0n', '1n', '1m', '-1S', 'x']) })
        .end(framed(subscriptionToAll()));
    await connection.call(batchAppendPath, framed(batchAppend(randomUUID(), { deadline: Date.now() - 1_000 })));
  }),
};

const beginnings = [
  '',
  'P',
  'PRI * HTTP/1.1\r\n\r\n',
  'GET / HTTP/1.1\r\n',
  'GET /health/live HTTP/9.9\r\n\r\n',
  'POST / HTTP/1.1\r\ncontent-length: 99999999999\r\n\r\n',
  'GET / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\nfffffffffffffff\r\n',
  `GET /${'x'.repeat(20_000)} HTTP/1.1\r\n`,
];

/** A frame of HTTP/2 (RFC 9113, section 4.1) whose length is right and whose content is not. */
const frameOfNoise = (random: Random) => {
  const payload = random.bytes(random.between(0, 300));
  const header = Buffer.alloc(9);
  header.writeUIntBE(payload.length, 0, 3);
  header.writeUInt8(random.between(0, 12), 3);
  header.writeUInt8(random.between(0, 255), 4);
  header.writeUInt32BE(random.between(0, 20), 5);
  return Buffer.concat([header, payload]);
};

const changed = (message: Buffer, random: Random) => {
  for (let count = random.between(1, 5); count > 0; count -= 1)
    message[random.between(0, message.length - 1)] = random.between(0, 255);
  return message;
};

/** Goes away when what was written has left, whatever the server has to say to it. */
const onSockets = async (port: number, count: number, speak: (socket: Socket) => void) => {
  const sockets = Array.from({ length: count }, async () => {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => undefined).resume();
    await once(socket, 'connect');
    speak(socket);
    const closed = once(socket, 'close');
    const sent = new Promise<void>((resolve) => socket.end(resolve));
    await Promise.race([sent, closed]);
    socket.destroy();
  });
  await Promise.all(sockets);
};

/** Goes away when the server has answered a call that follows all others, or has ended the connection. */
function onConnection(speak: (connection: RawConnection, random: Random) => void | Promise<void>): Burst {
  return async (port, random) => {
    const connection = connectRaw(port);
    const closed = once(connection.session, 'close');
    const spoken = async () => {
      await speak(connection, random);
      await connection.call('/event_store.client.gossip.Gossip/Read', framed(new Uint8Array(0)));
    };
    try {
      await Promise.race([spoken(), closed]);
    } finally {
      connection.destroy();
    }
  };
}
