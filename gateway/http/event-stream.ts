import type { IncomingHttpHeaders } from 'node:http';
import { DomainError } from '../../domains/shared/errors.js';
import type { StreamedAnswer } from './route.js';

/** More often than proxies give a silent connection up. */
const heartbeatMs = 15_000;

/** Whoever lets more than this wait is dropped, and can go on from the last message that came through. */
const mostWaitingBytes = 256 * 1024;

const reconnectAfterMs = 2_000;

const headers = {
  'Content-Type': 'text/event-stream',
  'Cache-Control': 'no-store',
  // nginx would keep messages back until its buffer is full.
  'X-Accel-Buffering': 'no',
};

/** A position in the log; of 64 bits, as the stores have it, all that so many digits can say. */
export const eventIdPattern = /^\d{1,18}$/;

type Placed = Readonly<{ position: bigint }>;

export type EventSource<Item extends Placed> = Readonly<{
  /** Whoever reconnects before the first message came goes on from here. */
  start: bigint;
  /**
   * Calls `end` once the caller's token is good no more, and gives what stops that: the stream ends then, and whoever goes
   * on has to show a new one.
   */
  whenOver: (end: () => void) => () => void;
  /** The message of an item, but for its id. */
  messageOf: (item: Item) => string;
  /** Delivers items in order, those of one position at once, until the signal aborts; it may await that they were taken. */
  follow: (deliver: (items: readonly Item[]) => Promise<void>, signal: AbortSignal) => Promise<void>;
}>;

/** An answer by Server-Sent Events (https://html.spec.whatwg.org/multipage/server-sent-events.html). */
export const eventStream = <Item extends Placed>({
  start,
  whenOver,
  messageOf,
  follow,
}: EventSource<Item>): StreamedAnswer => ({
  status: 200,
  headers,
  stream: async (sink, signal) => {
    const push = (text: string) => {
      if (sink.waiting() > mostWaitingBytes) sink.drop();
      return sink.write(text);
    };
    const over = new AbortController();
    const end = () => over.abort();
    signal.addEventListener('abort', end);
    if (signal.aborted) end();
    const forget = whenOver(end);
    const beating = setInterval(() => void push(heartbeat), heartbeatMs);
    try {
      await push(opening(start));
      await follow((items) => push(messagesOf(items, messageOf)), over.signal);
    } finally {
      clearInterval(beating);
      forget();
      signal.removeEventListener('abort', end);
    }
  },
});

/** How long to wait before reconnecting, and, without a message, from where to go on. */
export const opening = (start: bigint): string => `retry: ${reconnectAfterMs}\n${start < 0n ? '' : `id: ${start}\n`}\n`;

/** A comment: clients do not see it. */
const heartbeat = ':\n\n';

/** A message without an id. JSON has no line breaks, which would end a field. */
export const message = (event: string, data: object): string => `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;

/**
 * Messages with their positions as ids. Of several at one position only the last has it: whoever is cut off between them
 * gets all of them again, since nobody can go on from the middle of a position.
 */
export const messagesOf = <Item extends Placed>(items: readonly Item[], messageOf: (item: Item) => string): string =>
  items
    .map((item, index) => {
      const isLast = items[index + 1]?.position !== item.position;
      return `${isLast ? `id: ${item.position}\n` : ''}${messageOf(item)}`;
    })
    .join('');

/**
 * From where the caller wants to go on; `null` where they do not say. The header comes first: a browser that reconnects
 * sends it along with the address of its first request.
 *
 * @throws DomainError `request.invalid`.
 */
export const lastEventIdOf = (
  { 'last-event-id': header }: IncomingHttpHeaders,
  { lastEventId }: Readonly<{ lastEventId?: string }>,
): bigint | null => {
  const given = header ?? lastEventId;
  if (given === undefined) return null;
  if (typeof given === 'string' && eventIdPattern.test(given)) return BigInt(given);
  const detail = 'must be the id of a message as it came: at most 18 decimal digits';
  throw new DomainError('request.invalid', `Last-Event-ID ${detail}`, [{ pointer: '/lastEventId', detail }]);
};
