import { connect } from 'node:net';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import type { Calls } from './calls.js';

/** Follows an order for so long and goes away. What is counted is how long the stream took to begin. */
export const followBriefly = async (
  { url, count }: Calls,
  path: string,
  authorization: string,
  forMs: number,
): Promise<void> => {
  const leaving = new AbortController();
  const began = performance.now();
  const { status } = await fetch(`${url}/api/v1${path}`, { headers: { authorization }, signal: leaving.signal });
  count({ kind: 'stream', method: 'GET', path, expected: [200] }, status, performance.now() - began);
  await pause(forMs);
  leaving.abort();
};

/** Sends the head of a request and half of its body, and hangs up. Nobody hears an answer. */
export const breakOff = async ({ url }: Calls, path: string, authorization: string): Promise<void> => {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  const head = [
    `POST /api/v1${path} HTTP/1.1`,
    `Host: ${hostname}`,
    'Content-Type: application/json',
    'Content-Length: 1000',
    `Authorization: ${authorization}`,
  ];
  socket.write(`${head.join('\r\n')}\r\n\r\n{"items": [`);
  await pause(5);
  socket.destroy();
};
