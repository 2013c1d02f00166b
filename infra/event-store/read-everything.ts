import { FORWARDS, START, type EventStoreDBClient } from '@eventstore/db-client';
import { status } from '@grpc/grpc-js';
import { stored, unavailable } from './recorded.js';
import type { StoredEvent } from './stored-event.js';

/** The store itself says that an event does not read as it was written. Some of those before it may not have come. */
export class DamagedLog extends Error {
  override readonly name = 'DamagedLog';
}

/** So many batches are taken from the store before the reader is done with the one it has. */
const readAhead = 3;

/**
 * All events of `$all`, in batches of at most `most`.
 *
 * @throws DomainError `service.unavailable` when the store goes away; DamagedLog.
 */
export async function* readEverything(
  client: EventStoreDBClient,
  most: number,
): AsyncGenerator<readonly StoredEvent[]> {
  const come: StoredEvent[] = [];
  let failure: unknown;
  let isOver = false as boolean;
  let wake: () => void = () => undefined;
  const read = client.readAll({ direction: FORWARDS, fromPosition: START, requiresLeader: true });
  read.on('data', ({ event }) => {
    if (event) come.push(stored(event));
    if (come.length >= readAhead * most) read.pause();
    if (come.length >= most) wake();
  });
  // Listens for as long as the read lives: it fails once more while it is ended.
  read.on('error', (error) => {
    failure ??= error;
    isOver = true;
    wake();
  });
  read.on('end', () => {
    isOver = true;
    wake();
  });
  try {
    while (!isOver || come.length > 0) {
      if (come.length >= most || (isOver && come.length > 0)) {
        yield come.splice(0, most);
        read.resume();
      } else await new Promise<void>((resolve) => (wake = resolve));
    }
    if (failure !== undefined) throw isDamage(failure) ? new DamagedLog() : unavailable(failure);
  } finally {
    read.destroy();
    // It rejects where the call is over.
    await read.cancel().catch(() => undefined);
  }
}

/** Whether the store says that an event does not read as it was written. */
export const isDamage = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === status.DATA_LOSS;
