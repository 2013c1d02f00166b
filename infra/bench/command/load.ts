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
  let sent = 0;
  const next = () => (sent < load.count ? load.requests[sent++ % load.requests.length] : undefined);
  const begun = performance.now();
  await Promise.all(Array.from({ length: load.callers }, () => call(load, next)));
  return load.count / ((performance.now() - begun) / 1000);
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

const call = (load: Load, next: () => Buffer | undefined): Promise<void> =>
  new Promise((resolve, reject) => {
    const socket = connect(load.port, '127.0.0.1').setNoDelay(true);
    let come = '';
    const send = () => {
      const request = next();
      if (request) socket.write(request);
      else end(socket, resolve);
    };
    socket.setEncoding('latin1').on('error', reject).once('connect', send);
    socket.on('data', (text: string) => {
      come += text;
      const length = lengthOf(come);
      if (length === undefined || come.length < length) return;
      const answer = come;
      come = '';
      if (answer.startsWith('HTTP/1.1 201') && load.expected.every((text) => answer.includes(text))) send();
      else end(socket, () => reject(new Error(`A wrong answer: ${answer}`)));
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
