import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ServerResponse } from 'node:http';
import type { Sink, StreamedAnswer } from './route.js';

/** The streamed answers that are under way on one server. */
export type Streams = Readonly<{
  /**
   * Streams to a response whose head was sent, and ends it; the signal that the stream is given aborts when the client
   * goes away. Throws what the stream throws, with the response still open.
   */
  send: (response: ServerResponse, stream: StreamedAnswer['stream']) => Promise<void>;
  /** How many there are. */
  open: () => number;
  /** Aborts them all, and every one that begins later. */
  endAll: () => void;
}>;

export const createStreams = (): Streams => {
  const underWay = new Set<AbortController>();
  let isEnding = false;
  return {
    send: async (response, stream) => {
      const over = new AbortController();
      const abort = () => over.abort();
      if (isEnding || response.destroyed) abort();
      underWay.add(over);
      response.once('close', abort);
      try {
        await stream(sinkOf(response), over.signal);
      } finally {
        underWay.delete(over);
        response.off('close', abort);
      }
      await end(response, isEnding);
    },
    open: () => underWay.size,
    endAll: () => {
      isEnding = true;
      for (const over of underWay) over.abort();
    },
  };
};

const sinkOf = (response: ServerResponse): Sink => {
  let draining: Promise<void> | undefined;
  const drained = () =>
    new Promise<void>((resolve) => {
      const tell = () => {
        response.off('drain', tell).off('close', tell);
        draining = undefined;
        resolve();
      };
      response.on('drain', tell).on('close', tell);
    });
  return {
    write: (chunk) => {
      if (response.destroyed || response.write(chunk)) return Promise.resolve();
      return (draining ??= drained());
    },
    waiting: () => response.writableLength,
    drop: () => response.destroy(),
  };
};

/** A server that closes does not wait for a client that is slow to take what was written. */
const end = async (response: ServerResponse, isAtOnce: boolean) => {
  if (response.destroyed) return;
  response.end();
  if (!isAtOnce) return;
  // What the socket has just taken is counted until then.
  await nextTurn();
  if (response.writableLength > 0) response.destroy();
};
