import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { inspect } from 'node:util';
import type { OutgoingMessage } from './notification-sender.js';
import { createSmsSender } from './sms-sender.js';

const message: OutgoingMessage = {
  ...{ id: '5f0d7f0e-6a3b-4a55-9d8e-2c1f5b7a9e34', userId: 'u1', channel: 'sms', to: '+43 1 234' },
  ...{ subject: 'On its way', text: 'Evermart: your order is on its way.' },
};

let server: Server;
let url: string;
let received: { method: string | undefined; headers: IncomingHttpHeaders; body: unknown }[];
let answer: (response: ServerResponse) => unknown;

beforeAll(async () => {
  server = createServer((request, response) => {
    void json(request).then((body) => {
      received.push({ method: request.method, headers: request.headers, body });
      answer(response);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/messages`;
});
beforeEach(() => {
  received = [];
  answering(201, '{"id": "sms-1"}');
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

it('posts a message with its idempotency key, and gives the id that it got', async () => {
  expect(await send()).toEqual({ reference: 'sms-1' });
  expect(received).toMatchObject([
    {
      method: 'POST',
      headers: {
        authorization: 'Bearer secret',
        'idempotency-key': message.id,
        'content-type': 'application/json',
      },
      body: { from: 'Evermart', to: message.to, text: message.text },
    },
  ]);
});

it.each(['{}', 'accepted', '{"id": ""}', '{"id": 7}', 'null', JSON.stringify({ id: 'x'.repeat(201) })])(
  'is known by its own id where the answer is %s',
  async (body) => {
    answering(202, body);
    expect(await send()).toEqual({ reference: message.id });
  },
);

it.each([
  [400, true],
  [422, true],
  [401, false],
  [403, false],
  [404, false],
  [405, false],
  [408, false],
  [409, false],
  [425, false],
  [429, false],
  [500, false],
  [503, false],
])('that is refused with %s is refused for good: %s', async (status, isPermanent) => {
  answering(status, JSON.stringify({ message: `${message.to} is refused` }));
  const failure: unknown = await send().catch((error: unknown) => error);
  expect(failure).toMatchObject({ code: `sms.${status}`, isPermanent });
  expect(inspect(failure)).not.toContain(message.to);
});

it('may go later where the connection breaks', async () => {
  answer = (response) => response.destroy();
  await expect(send()).rejects.toMatchObject({ code: 'sms.unreachable', isPermanent: false });
});

it('is not sent on to another address', async () => {
  answer = (response) => response.writeHead(307, { location: url }).end();
  await expect(send()).rejects.toMatchObject({ code: 'sms.unreachable', isPermanent: false });
  expect(received).toHaveLength(1);
});

const send = () => createSmsSender({ url, key: 'secret', from: 'Evermart' }).send(message);

const answering = (status: number, body: string) => {
  answer = (response) => response.writeHead(status, { 'content-type': 'application/json' }).end(body);
};
