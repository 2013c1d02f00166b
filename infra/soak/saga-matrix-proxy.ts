import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** How a call fails. What is held gets no answer, and takes effect before it is held or not at all. */
export type Failure = 'refused' | 'transient' | 'unanswered before' | 'unanswered after' | 'held before' | 'held after';

/**
 * What goes wrong with the calls for one order: those of one name, such as `orders MarkOrderPaid`, so many times. After
 * one that is held all that follow are, until they are let go.
 */
export type Fault = { readonly call: string; readonly failure: Failure; times: number; struck: number };

/** Stands between a role and those it calls, and lets calls fail order by order. */
export type FaultProxy = Readonly<{
  url: string;
  close: () => Promise<void>;
}>;

/** A call, as far as its fault depends on it. */
export type Seen = Readonly<{ orderId: string | undefined; name: string; isProvider: boolean }>;

export type ProxySettings = Readonly<{
  /** Where calls go to. */
  target: string;
  see: (path: string, headers: IncomingMessage['headers'], body: string) => Seen;
  faultOf: (orderId: string) => Fault | undefined;
}>;

export const startFaultProxy = async ({ target, see, faultOf }: ProxySettings): Promise<FaultProxy> => {
  const forward = async ({ method = 'GET', url = '/', headers }: IncomingMessage, body: string) => {
    const kept = Object.entries(headers).filter(([name]) => !hopByHop.includes(name)) as [string, string][];
    const hasBody = method !== 'GET' && method !== 'HEAD';
    const response = await fetch(new URL(url, target), { method, headers: kept, ...(hasBody && { body }) });
    const type = response.headers.get('content-type') ?? 'application/json';
    return { status: response.status, type, text: await response.text() };
  };

  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    const body = await textOf(request);
    const { orderId, name, isProvider } = see(request.url ?? '/', request.headers, body);
    const fault = orderId === undefined ? undefined : faultOf(orderId);
    const failure = fault && failureNow(fault, name);
    if (failure === 'held before') return;
    if (failure === 'unanswered before') {
      hangUp(request);
      return;
    }
    if (failure === 'refused' || failure === 'transient') {
      answer(response, refusals(isProvider)[failure]);
      return;
    }
    const answered = await forward(request, body);
    if (failure === 'held after') return;
    if (failure === 'unanswered after') {
      hangUp(request);
      return;
    }
    answer(response, answered);
  };

  const server = createServer((request, response) => {
    // A role that was killed, or a target that is away: there is nobody to tell of it.
    handle(request, response).catch(() => hangUp(request));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};

const hangUp = ({ socket }: IncomingMessage): void => {
  socket.destroy();
};

const failureNow = (fault: Fault, name: string): Failure | undefined => {
  const isHeld = fault.failure.startsWith('held') && fault.struck > 0 && fault.times > 0;
  if (isHeld) return 'held before';
  if (fault.call !== name || fault.struck >= fault.times) return undefined;
  fault.struck += 1;
  return fault.failure;
};

type Answered = Readonly<{ status: number; type: string; text: string }>;

const answer = (response: ServerResponse, { status, type, text }: Answered) => {
  response.writeHead(status, { 'content-type': type });
  response.end(status === 204 ? undefined : text);
};

const problem = (status: number, code: string): Answered => ({
  ...{ status, type: 'application/problem+json' },
  text: JSON.stringify({ status, code, detail: 'A soak wants it so' }),
});

const refusals = (isProvider: boolean) =>
  isProvider
    ? { refused: problem(402, 'card_declined'), transient: problem(500, 'provider_failed') }
    : { refused: problem(400, 'command.invalid'), transient: problem(503, 'service.unavailable') };

const hopByHop = ['connection', 'host', 'content-length', 'transfer-encoding', 'keep-alive', 'expect'];

const textOf = async (request: IncomingMessage): Promise<string> => {
  let text = '';
  request.setEncoding('utf8');
  for await (const part of request) text += String(part);
  return text;
};
