import type { StoredEvent } from '../../infra/event-store/stored-event.js';
import type { StreamedAnswer } from '../http/route.js';
import { lines } from '../http/success.js';
import { storedEventAnswer } from './stored-event-answer.js';

/** Lines are sent together, so many characters at least: sending costs more than making one. */
const charactersAtOnce = 64 * 1024;

export type EventLines = Readonly<{
  batches: AsyncIterable<readonly StoredEvent[]>;
  isWanted: (event: StoredEvent) => boolean;
  /** Calls `end` once nothing more may be sent, and gives what stops that. */
  whenOver: (end: () => void) => () => void;
}>;

/**
 * Stored events as lines of JSON. No more of them are taken than the client takes. What ends before its time, whoever
 * wants that, is broken off: an end is always that of everything that was asked for.
 */
export const eventLines = ({ batches, isWanted, whenOver }: EventLines): StreamedAnswer => ({
  status: 200,
  // nginx would keep lines back until its buffer is full.
  headers: { 'Content-Type': lines.mediaType, 'Cache-Control': 'no-store', 'X-Accel-Buffering': 'no' },
  stream: async (sink, signal) => {
    let isOver = signal.aborted;
    const breakOff = () => {
      isOver = true;
      sink.drop();
    };
    if (isOver) sink.drop();
    signal.addEventListener('abort', breakOff);
    const forget = whenOver(breakOff);
    let text = '';
    const send = async () => {
      const sent = text;
      text = '';
      await sink.write(sent);
    };
    try {
      for await (const batch of batches) {
        for (const event of batch) {
          if (!isWanted(event)) continue;
          text += lineOf(event);
          if (text.length >= charactersAtOnce) await send();
          if (isOver) return;
        }
        if (isOver) return;
      }
      await send();
    } finally {
      forget();
      signal.removeEventListener('abort', breakOff);
    }
  },
});

const lineOf = (event: StoredEvent): string => `${JSON.stringify(storedEventAnswer(event))}\n`;
