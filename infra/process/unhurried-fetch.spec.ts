import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { closeServer, listen } from './server.js';
import { unhurriedFetch } from './unhurried-fetch.js';

let server: Server;
let answer: RequestListener;
let url: string;
beforeEach(async () => {
  server = createServer((request, response) => answer(request, response));
  await listen(server, { host: '127.0.0.1', port: 0 });
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});
afterEach(() => closeServer(server));

const asked = (init: RequestInit = {}) =>
  unhurriedFetch(new Request(url, { method: 'POST', body: 'größer', headers: { 'x-asked': 'yes' }, ...init }));

it('sends what a request says, and gives what is answered', async () => {
  let came: IncomingMessage['headers'] = {};
  answer = (request, response) => {
    came = request.headers;
    response.writeHead(409, { 'x-told': ['one', 'two'] });
    request.pipe(response);
  };
  const response = await asked();
  expect(came).toMatchObject({ 'x-asked': 'yes', 'content-length': '8' });
  expect([response.status, response.ok, response.headers.get('x-told')]).toEqual([409, false, 'one, two']);
  expect(await response.text()).toBe('größer');
});

it('gives the body as it comes, and tells that it broke off', async () => {
  answer = (_request, response) => {
    response.write('half of', () => server.once('broken', () => response.destroy()));
  };
  const chunks = ((await asked()).body as unknown as AsyncIterable<Uint8Array>)[Symbol.asyncIterator]();
  expect(Buffer.from((await chunks.next()).value as Uint8Array).toString()).toBe('half of');
  server.emit('broken');
  await expect(chunks.next()).rejects.toMatchObject({ name: 'TypeError' });
});

it('tells that nobody is there', async () => {
  await closeServer(server);
  await expect(asked()).rejects.toMatchObject({ name: 'TypeError' });
  await listen(server, { host: '127.0.0.1', port: 0 });
});

it('leaves where the signal aborts, before the answer and within it', async () => {
  const leaving = [new AbortController(), new AbortController()] as const;
  const closed: Promise<unknown>[] = [];
  answer = (_request, response) => {
    closed.push(once(response, 'close'));
    if (closed.length === 1) leaving[0].abort();
    else response.write('half of');
  };
  await expect(asked({ signal: leaving[0].signal })).rejects.toMatchObject({ name: 'AbortError' });
  const { body } = await asked({ signal: leaving[1].signal });
  leaving[1].abort();
  await expect(text(body as never)).rejects.toMatchObject({ name: 'AbortError' });
  await Promise.all(closed);
});

it('lets go of the connection where whoever reads has enough', async () => {
  let closed: Promise<unknown> | undefined;
  answer = (_request, response) => {
    closed = once(response, 'close');
    response.write('much');
  };
  const { body } = await asked();
  for await (const chunk of body as unknown as AsyncIterable<Uint8Array>) {
    expect(Buffer.from(chunk).toString()).toBe('much');
    break;
  }
  await closed;
});
