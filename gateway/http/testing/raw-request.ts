import { connect } from 'node:net';
import { text } from 'node:stream/consumers';

/** Sends bytes that no client would, and gives all that comes back until the server closes the connection. */
export const rawRequest = async (url: string, bytes: string | Buffer): Promise<string> => {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  // A server that refuses may close before it has taken everything.
  socket.on('error', () => undefined);
  socket.write(bytes);
  return text(socket).catch(() => '');
};

/** The statuses of all answers in what came back. */
export const statusesIn = (answers: string): readonly number[] =>
  [...answers.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));
