import { once } from 'node:events';
import { Agent, request, type IncomingMessage, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { json, text } from 'node:stream/consumers';
import { closeServer, listen } from '../../infra/process/server.js';
import { eventStream } from './event-stream.js';
import { bareRoute, route } from './route.js';
import { createGateway } from './server.js';
import { events, noContent } from './success.js';
import { accessTokens } from './testing/gateway.js';
import { keptLog } from './testing/kept-log.js';

let server: Server;
let agent: Agent;
/** Lets the slow route answer. */
let release: () => void;

beforeEach(async () => {
  agent = new Agent({ keepAlive: true });
  const released = new Promise<void>((resolve) => (release = resolve));
  server = createGateway({
    accessTokens,
    log: keptLog().log,
    routes: [
      bareRoute('GET', '/slow', { id: 'slow', summary: 'Takes its time', answers: noContent }, async () => {
        server.emit('handling');
        await released;
        return { status: 200, body: { isDone: true } };
      }),
      bareRoute('GET', '/quick', { id: 'quick', summary: 'Takes none', answers: noContent }, () =>
        Promise.resolve({ status: 204 }),
      ),
      route('GET', '/events', { id: 'follow', summary: 'Has no end', answers: events, access: 'public' }, () =>
        Promise.resolve(
          eventStream({
            start: 7n,
            whenOver: () => () => undefined,
            messageOf: () => '',
            follow: (_deliver, signal) => once(signal, 'abort').then(() => undefined),
          }),
        ),
      ),
    ],
  });
  await listen(server, { host: '127.0.0.1', port: 0 });
});
afterEach(() => agent.destroy());

const port = () => (server.address() as AddressInfo).port;
const get = async (path: string, through: Agent | false = agent) => {
  const sent = request({ host: '127.0.0.1', port: port(), path, agent: through }).end();
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  return answer;
};

it('a gateway that stops answers what was begun, and takes nothing new', async () => {
  const handling = once(server, 'handling');
  const slow = get('/slow');
  await handling;
  const idle = connect(port(), '127.0.0.1');
  await once(idle, 'connect');
  const stream = await get('/api/v1/events', false);

  const closed = closeServer(server);
  const ready = await get('/health/ready', false);
  expect([ready.statusCode, ready.headers.connection]).toEqual([503, 'close']);
  const refused = await get('/quick');
  expect(refused.headers).toMatchObject({ connection: 'close', 'retry-after': '1' });
  expect(await json(refused)).toMatchObject({ status: 503, code: 'service.unavailable' });
  // Whoever follows comes back after a while, and goes on from there.
  expect(await text(stream)).toBe('retry: 2000\nid: 7\n\n');

  release();
  const answer = await slow;
  expect([answer.statusCode, answer.headers.connection]).toEqual([200, 'close']);
  expect(await json(answer)).toEqual({ isDone: true });
  idle.resume();
  await Promise.all([closed, once(idle, 'close')]);
  expect(await closed).toBe(0);
  expect(server.listening).toBe(false);
});

it('a gateway that has stopped is not there any more', async () => {
  (await get('/quick')).resume();
  const { port: stopped } = server.address() as AddressInfo;
  expect(await closeServer(server)).toBe(0);
  const [error] = (await once(connect(stopped, '127.0.0.1'), 'error').catch((thrown: unknown) => [thrown])) as [
    unknown,
  ];
  expect(error).toMatchObject({ code: 'ECONNREFUSED' });
});
