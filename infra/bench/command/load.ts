import { connect, type Socket } from 'node:net';

/** What is sent, over and over: each caller takes the requests in turn. */
export type Load = Readonly<{
  port: number;
  /** Whole HTTP requests. */
  requests: readonly Buffer[];
  callers: number;
  /** How many are sent in all. */
  count: number;
  /** What an answer must hold to be right: all of it. */
  expected: readonly string[];
}>;

/**
 * Sends requests over kept connections, each caller the next when its last was answered, and gives how many were
 * answered a second. Sockets are used bare, so that the load takes little of the machine that it shares.
 *
 * @throws Error at the first answer that is not 201 or lacks what is expected.
 */
export const answersPerSecond = async (load: Load): Promise<number> => {
  const begun = performance.now();
  await sendAll(load, Number.POSITIVE_INFINITY, () => undefined);
  return load.count / ((performance.now() - begun) / 1000);
};

/**
 * Sends so many requests a second, as long as callers are free, and gives the milliseconds that each waited for its answer.
 *
 * @throws Error as `answersPerSecond` does.
 */
export const answerTimes = async (load: Load & Readonly<{ perSecond: number }>): Promise<readonly number[]> => {
  const times: number[] = [];
  await sendAll(load, load.perSecond, (ms) => times.push(ms));
  return times;
};

/** A request, and how long it is to be held back. */
type Turn = Readonly<{ request: Buffer | undefined; waitMs: number }>;

const sendAll = async (load: Load, perSecond: number, onAnswer: (ms: number) => void) => {
  let sent = 0;
  const begun = performance.now();
  const next = (): Turn | undefined => {
    if (sent === load.count) return undefined;
    const waitMs = begun + (sent / perSecond) * 1000 - performance.now();
    return { request: load.requests[sent++ % load.requests.length], waitMs };
  };
  await Promise.all(Array.from({ length: load.callers }, () => call(load, next, onAnswer)));
};

/** An HTTP request to place an order. */
export const post = (path: string, token: string, body: unknown): Buffer => {
  const text = JSON.stringify(body);
  const lines = [
    `POST ${path} HTTP/1.1`,
    'Host: 127.0.0.1',
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(text)}`,
    `Authorization: Bearer ${token}`,
  ];
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n${text}`);
};

const call = (load: Load, next: () => Turn | undefined, onAnswer: (ms: number) => void): Promise<void> =>
  new Promise((resolve, reject) => {
    const socket = connect(load.port, '127.0.0.1').setNoDelay(true);
    let come = '';
    let sentAt = 0;
    const write = (request: Buffer) => {
      sentAt = performance.now();
      socket.write(request);
    };
    const send = () => {
      const { request, waitMs } = next() ?? { request: undefined, waitMs: 0 };
      if (request === undefined) end(socket, resolve);
      else if (waitMs > 1) setTimeout(write, waitMs, request);
      else write(request);
    };
    socket.setEncoding('latin1').on('error', reject).once('connect', send);
    socket.on('data', (text: string) => {
      come += text;
      const length = lengthOf(come);
      if (length === undefined || come.length < length) return;
      const answer = come;
      come = '';
      if (answer.startsWith('HTTP/1.1 201') && load.expected.every((text) => answer.includes(text))) {
        onAnswer(performance.now() - sentAt);
        send();
      } else end(socket, () => reject(new Error(`A wrong answer: ${answer}`)));
    });
  });

const end = (socket: Socket, then: () => void) => {
  socket.end();
  then();
};

/** How long the whole answer is; undefined while its head has not come. */
const lengthOf = (come: string): number | undefined => {
  const head = come.indexOf('\r\n\r\n');
  if (head < 0) return undefined;
  return head + 4 + Number(/content-length: (\d+)/i.exec(come.slice(0, head))?.[1] ?? 0);
};
