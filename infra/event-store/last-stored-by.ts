import { BACKWARDS, END, type AllStreamResolvedEvent, type EventStoreDBClient } from '@eventstore/db-client';
import type { Readable } from 'node:stream';
import { passOver } from './read-all.js';
import { unavailable } from './recorded.js';
import type { Position } from './stored-event.js';

/**
 * The position of the last event that was stored at an instant or before it; `null` where there is none. It reads `$all`
 * from its end, so it takes the longer the longer ago that is.
 *
 * @throws DomainError `service.unavailable` when the store goes away; the reason of `signal` once that is aborted.
 */
export const lastStoredBy = async (
  client: EventStoreDBClient,
  instant: Date,
  signal: AbortSignal,
): Promise<Position | null> => {
  const read = client.readAll({ direction: BACKWARDS, fromPosition: END, requiresLeader: true });
  // One that is left before its end may fail once more, and nobody else hears of it.
  read.on('error', () => undefined);
  try {
    for await (const { event } of (read as unknown as Readable).iterator({ destroyOnReturn: false }) as Events) {
      if (signal.aborted) break;
      if (event && event.created <= instant) return event.position;
    }
  } catch (error) {
    throw unavailable(error);
  } finally {
    await read.cancel();
    passOver(read as unknown as Readable);
  }
  signal.throwIfAborted();
  return null;
};

type Events = AsyncIterable<AllStreamResolvedEvent>;
