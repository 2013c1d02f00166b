import { EventSourceParserStream, type EventSourceMessage } from 'eventsource-parser/stream';
import { setTimeout as pause } from 'node:timers/promises';
import { ApiProblem } from './problem.js';

export type FollowOptions = Readonly<{
  /** Where to go on: the id of the last message that was handled. */
  lastEventId?: string;
  /** Ends it. */
  signal?: AbortSignal;
}>;

/**
 * Messages as they come, and again from the last one on when the connection is lost, until the signal aborts
 * (https://html.spec.whatwg.org/multipage/server-sent-events.html).
 *
 * @throws ApiProblem where it is refused for good.
 */
export async function* followEvents(
  send: (request: Request) => Promise<Response>,
  url: string,
  { lastEventId: start, signal }: FollowOptions,
): AsyncGenerator<EventSourceMessage, void> {
  let lastEventId = start;
  let reconnectMs = 2_000;
  while (!signal?.aborted) {
    try {
      const headers = {
        accept: 'text/event-stream',
        ...(lastEventId !== undefined && { 'last-event-id': lastEventId }),
      };
      const response = await send(new Request(url, { headers, signal: signal ?? null }));
      for await (const message of messagesOf(response, (ms) => (reconnectMs = ms))) {
        yield message;
        lastEventId = message.id ?? lastEventId;
      }
    } catch (error) {
      if (error instanceof ApiProblem && error.status < 500 && error.status !== 429) throw error;
    }
    await pause(reconnectMs, undefined, signal && { signal }).catch(() => undefined);
  }
}

const messagesOf = ({ body }: Response, onRetry: (ms: number) => void): AsyncIterable<EventSourceMessage> =>
  (body as ReadableStream<Uint8Array<ArrayBuffer>>)
    .pipeThrough(new TextDecoderStream())
    .pipeThrough(new EventSourceParserStream({ onRetry }));
