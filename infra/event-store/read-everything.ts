import { FORWARDS, START, type EventStoreDBClient } from '@eventstore/db-client';
import { status } from '@grpc/grpc-js';
import { stored, unavailable } from './recorded.js';
import type { Position, StoredEvent } from './stored-event.js';

/** The store itself says that the next event does not read as it was written. */
export class DamagedLog extends Error {
  override readonly name = 'DamagedLog';
}

/** So many batches are taken from the store before the reader is done with the one it has. */
const readAhead = 3;

/**
 * All events of `$all`, in batches of at most `most`.
 *
 * @throws DomainError `service.unavailable` when the store goes away; DamagedLog after all events before the damage.
 */
export async function* readEverything(
  client: EventStoreDBClient,
  most: number,
): AsyncGenerator<readonly StoredEvent[]> {
  let after: Position | null = null;
  try {
    for await (const batch of batchesOf(client, most)) {
      yield batch;
      after = batch.at(-1)?.position ?? after;
    }
  } catch (error) {
    if (!isDamage(error)) throw unavailable(error);
    yield* oneByOne(client, after);
  }
}

async function* batchesOf(client: EventStoreDBClient, most: number): AsyncGenerator<readonly StoredEvent[]> {
  const come: StoredEvent[] = [];
  const failures: unknown[] = [];
  let isOver = false as boolean;
  let isLeft = false as boolean;
  let wake: () => void = () => undefined;
  const end = () => {
    isOver = true;
    wake();
  };
  const read = client.readAll({ direction: FORWARDS, fromPosition: START, requiresLeader: true });
  read.on('data', ({ event }) => {
    if (isLeft) return;
    if (event) come.push(stored(event));
    if (come.length >= readAhead * most) read.pause();
    if (come.length >= most) wake();
  });
  // Listens for as long as the read lives: it fails once more while it is ended.
  read.on('error', (error) => {
    failures.push(error);
    end();
  });
  read.on('end', end);
  try {
    while (!isOver || come.length > 0) {
      if (come.length >= most || (isOver && come.length > 0)) {
        yield come.splice(0, most);
        read.resume();
      } else await new Promise<void>((resolve) => (wake = resolve));
    }
    if (failures.length > 0) throw failures[0];
  } finally {
    // What has come and was not taken is let pass: the client keeps a call for good that is not read to its end.
    isLeft = true;
    read.resume();
    // It rejects where there never was a call.
    await read.cancel().catch(() => undefined);
  }
}

/** A read that meets damage loses what it had read ahead: up to the damage every event is asked for by itself. */
async function* oneByOne(
  client: EventStoreDBClient,
  last: Position | null,
): AsyncGenerator<readonly StoredEvent[], never> {
  for (let after = last; ;) {
    const [next] = await readOneAfter(client, after);
    if (!next) throw new DamagedLog();
    yield [next];
    after = next.position;
  }
}

const readOneAfter = async (client: EventStoreDBClient, after: Position | null): Promise<readonly StoredEvent[]> => {
  const maxCount = after === null ? 1 : 2;
  const events: StoredEvent[] = [];
  try {
    for await (const { event } of client.readAll({ direction: FORWARDS, fromPosition: after ?? START, maxCount }))
      if (event && event.position.commit > (after?.commit ?? -1n)) events.push(stored(event));
    return events;
  } catch (error) {
    throw isDamage(error) ? new DamagedLog() : unavailable(error);
  }
};

/** Whether the store says that an event does not read as it was written. */
export const isDamage = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === status.DATA_LOSS;
