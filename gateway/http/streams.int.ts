import { once } from 'node:events';
import { request, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { closeServer, listen } from '../../infra/process/server.js';
import { route, type Sink } from './route.js';
import { createGateway } from './server.js';
import { events } from './success.js';
import { accessTokens } from './testing/gateway.js';
import { keptLog } from './testing/kept-log.js';

let server: Server;
let log: ReturnType<typeof keptLog>;
let stream: (sink: Sink, signal: AbortSignal) => Promise<void>;
let handled: Promise<void>;

const headers = { 'Content-Type': 'text/plain' };
const chunk = 'x'.repeat(64 * 1024);

beforeEach(async () => {
  log = keptLog();
  handled = Promise.resolve();
  server = createGateway({
    accessTokens,
    log: log.log,
    routes: [
      route('GET', '/stream', { id: 'stream', summary: 'Streams', answers: events, access: 'public' }, async () => {
        server.emit('handling');
        await handled;
        return { status: 200, headers, stream: (sink, signal) => stream(sink, signal) };
      }),
    ],
  });
  await listen(server, { host: '127.0.0.1', port: 0 });
});
afterEach(() => closeServer(server));

const open = async (method = 'GET'): Promise<IncomingMessage> => {
  const { port } = server.address() as AddressInfo;
  const sent = request({ port, host: '127.0.0.1', path: '/api/v1/stream', method, agent: false }).end();
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  return answer;
};
const endOf = (signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve());
  });
const released = () => {
  let release: () => void = () => undefined;
  const promise = new Promise<void>((resolve) => (release = resolve));
  return { promise, release };
};

describe('a streamed answer', () => {
  it('waits for a client that is slow', async () => {
    let most = 0;
    stream = async (sink) => {
      for (let count = 0; count < 400; count += 1) {
        most = Math.max(most, sink.waiting());
        await sink.write(chunk);
      }
    };
    const answer = await open();
    expect(answer.headers).toMatchObject({ 'content-type': 'text/plain', 'transfer-encoding': 'chunked' });
    expect(answer.headers['x-request-id']).toBeDefined();
    expect(await text(answer)).toHaveLength(400 * chunk.length);
    expect(most).toBeLessThan(chunk.length);
    expect(await log.logged(1)).toMatchObject([{ msg: 'request', status: 200, aborted: false }]);
  });

  it('is broken off where it fails', async () => {
    stream = async (sink) => {
      await sink.write('one');
      throw new Error('no more');
    };
    await expect(open().then(text)).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(await log.logged(1)).toMatchObject([
      { level: 50, status: 200, aborted: true, code: 'internal.error', err: 'an error' },
    ]);
  });

  it('ends when the client goes away', async () => {
    const { promise: isOver, release } = released();
    stream = async (sink, signal) => {
      await sink.write('one');
      await endOf(signal);
      await sink.write('two');
      release();
    };
    const answer = await open();
    await once(answer, 'data');
    answer.destroy();
    await isOver;
    expect(await log.logged(1)).toMatchObject([{ level: 30, status: 200, aborted: true }]);
  });

  it('has only its head sent where that is all that was asked for', async () => {
    stream = () => Promise.reject(new Error('Nobody wants it'));
    const answer = await open('HEAD');
    expect(answer.statusCode).toBe(200);
    expect(await text(answer)).toBe('');
  });
});

describe('a server that closes', () => {
  it('ends its streams', async () => {
    stream = (_sink, signal) => endOf(signal);
    const answer = await open();
    const [cutOff, received] = await Promise.all([closeServer(server), text(answer)]);
    expect([cutOff, received]).toEqual([0, '']);
    expect(await log.logged(1)).toMatchObject([{ aborted: false }]);
  });

  it('does not wait for clients that take nothing', async () => {
    const { promise: isFull, release } = released();
    stream = async (sink, signal) => {
      // Until the sockets of the system are full as well.
      while (sink.waiting() < 1024 * 1024) {
        void sink.write(chunk);
        await nextTurn();
      }
      release();
      await endOf(signal);
    };
    const answer = await open();
    await isFull;
    expect(await closeServer(server)).toBe(0);
    await expect(text(answer).then(({ length }) => length)).rejects.toMatchObject({ code: 'ECONNRESET' });
  });

  it('ends at once what begins only then', async () => {
    const { promise, release } = released();
    handled = promise;
    stream = (_sink, signal) => endOf(signal);
    const handling = once(server, 'handling');
    const opened = open();
    await handling;
    const closed = closeServer(server);
    release();
    expect(await opened.then(text)).toBe('');
    expect(await closed).toBe(0);
  });
});
