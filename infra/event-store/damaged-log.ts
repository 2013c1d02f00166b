import { FORWARDS, START, type EventStoreDBClient } from '@eventstore/db-client';
import { status } from '@grpc/grpc-js';
import { DomainError } from '../../domains/shared/errors.js';
import { stored, unavailable } from './recorded.js';
import type { Position, StoredEvent } from './stored-event.js';

/** The store itself says that the next event after a place (the first without one) does not read as it was written. */
export class DamagedLog extends DomainError {
  constructor(after: Position | null) {
    const where = after === null ? 'the first event' : `the next event after position ${after.commit}`;
    super(
      'audit.tampered',
      `In the event store ${where} does not read as it was written; start a verification to learn which it is`,
    );
  }
}

/** Whether a call failed since the store met damage. */
export const isDamage = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === status.DATA_LOSS;

/**
 * The events after a position up to the damage, each asked for by itself: a read that meets damage loses what it had read
 * ahead.
 *
 * @throws DamagedLog after them; DomainError `service.unavailable` when the store goes away.
 */
export async function* upToDamage(
  client: EventStoreDBClient,
  last: Position | null,
): AsyncGenerator<StoredEvent, never> {
  for (let after = last; ;) {
    const next = await readOneAfter(client, after);
    if (!next) throw new DamagedLog(after);
    yield next;
    after = next.position;
  }
}

const readOneAfter = async (client: EventStoreDBClient, after: Position | null): Promise<StoredEvent | null> => {
  const maxCount = after === null ? 1 : 2;
  let next: StoredEvent | null = null;
  try {
    for await (const { event } of client.readAll({ direction: FORWARDS, fromPosition: after ?? START, maxCount }))
      if (event && event.position.commit > (after?.commit ?? -1n)) next = stored(event);
    return next;
  } catch (error) {
    throw isDamage(error) ? new DamagedLog(after) : unavailable(error);
  }
};
