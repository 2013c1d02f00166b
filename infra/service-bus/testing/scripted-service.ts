import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect, createServer as createTcpServer, type AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { listen } from '../../process/server.js';

/** What a scripted service was asked. */
export type Asked = Readonly<{ path: string; headers: IncomingHttpHeaders; body: Readonly<Record<string, unknown>> }>;

/** How it answers: with a status and a body, not at all, or by ending the connection. */
export type Answer = Readonly<{ status: number; body: unknown }> | 'silence' | 'hang up';

/** Tests only: an instance that gives `answers` one after the other, the last one for ever. */
export const startScriptedService = async (...answers: readonly [Answer, ...Answer[]]) => {
  const asked: Asked[] = [];
  let script: readonly Answer[] = answers;
  const receive = async (request: IncomingMessage, response: ServerResponse) => {
    const { url: path = '', headers } = request;
    asked.push({ path, headers, body: (await json(request)) as Asked['body'] });
    const answer = script[0];
    if (script.length > 1) script = script.slice(1);
    if (answer === 'hang up') request.socket.destroy();
    if (typeof answer !== 'object') return;
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(JSON.stringify(answer.body));
  };
  const server = createServer((request, response) => void receive(request, response));
  await listen(server, { host: '127.0.0.1', port: 0 });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    /** What it answers from now on. */
    answer: (...next: readonly [Answer, ...Answer[]]) => {
      script = next;
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};

/** Tests only: what `startScriptedService` gives. */
export type ScriptedService = Awaited<ReturnType<typeof startScriptedService>>;

/** Tests only: passes everything on to `target`, except that the first `cuts` answers are lost on their way back. */
export const startCuttingProxy = async (target: string, cuts: number) => {
  let left = cuts;
  const { hostname, port } = new URL(target);
  const server = createTcpServer((client) => {
    const upstream = connect(Number(port), hostname);
    client.pipe(upstream);
    upstream.on('data', (bytes) => {
      if (left > 0) {
        left -= 1;
        client.destroy();
      } else client.write(bytes);
    });
    client.on('error', () => undefined).on('close', () => upstream.destroy());
    upstream.on('error', () => undefined).on('close', () => client.destroy());
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    lost: () => cuts - left,
    close: () => void server.close(),
  };
};
