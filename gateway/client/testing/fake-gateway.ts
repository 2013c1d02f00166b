import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** A request as it came. */
export type Came = Readonly<{ method: string; path: string; headers: IncomingMessage['headers']; body: string }>;

export type Told = Readonly<{ status?: number; headers?: Readonly<Record<string, string>>; body?: unknown }>;

/** Answers a request, or writes to its response what it likes. */
type AnswerTo = (came: Came, response: ServerResponse) => Told | undefined;

/** Stands for the gateway: it answers as a test wants, and keeps what came. */
export type FakeGateway = Readonly<{
  url: string;
  came: readonly Came[];
  answer: (answerTo: AnswerTo) => void;
  close: () => Promise<void>;
}>;

export const startFakeGateway = async (): Promise<FakeGateway> => {
  const came: Came[] = [];
  let answerTo: AnswerTo = () => ({ status: 404 });
  const server = createServer((request, response) => void serve(request, response));
  const serve = async (request: IncomingMessage, response: ServerResponse) => {
    const { method = '', url: path = '', headers } = request;
    const arrived = { method, path, headers, body: await text(request) };
    came.push(arrived);
    const told = answerTo(arrived, response);
    if (!told) return;
    const { status = 200, headers: more = {}, body = {} } = told;
    response.writeHead(status, { 'content-type': 'application/json', ...more }).end(JSON.stringify(body));
  };
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    came,
    answer: (next) => {
      answerTo = next;
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
};
