import { EventSourceParserStream, type EventSourceMessage } from 'eventsource-parser/stream';
import { pause } from './pause.js';
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
      const onRetry = (ms: number) => (reconnectMs = ms);
      const onId = (id: string) => (lastEventId = id);
      for await (const message of messagesOf(response, { onRetry, onId })) {
        yield message;
        lastEventId = message.id ?? lastEventId;
      }
    } catch (error) {
      if (error instanceof ApiProblem && error.status < 500 && error.status !== 429) throw error;
    }
    await pause(reconnectMs, signal);
  }
}

type Hearing = Readonly<{ onRetry: (ms: number) => void; onId: (id: string) => void }>;

const messagesOf = ({ body }: Response, { onRetry, onId }: Hearing): AsyncIterable<EventSourceMessage> =>
  (body as ReadableStream<Uint8Array<ArrayBuffer>>)
    .pipeThrough(new TextDecoderStream())
    .pipeThrough(hearIds(onId))
    .pipeThrough(new EventSourceParserStream({ onRetry }));

/** An id counts also where no data comes with it, as at the beginning of a stream; the parser does not tell of it. */
const hearIds = (onId: Hearing['onId']): TransformStream<string, string> => {
  let rest = '';
  return new TransformStream({
    transform: (text, controller) => {
      const blocks = (rest + text).split('\n\n');
      rest = blocks.pop() ?? '';
      for (const block of blocks) {
        const [, id] = /^id: ?(.*)$/m.exec(block) ?? [];
        if (id !== undefined && !/^data/m.test(block)) onId(id);
      }
      controller.enqueue(text);
    },
  });
};
