import type { AllStreamRecordedEvent, RecordedEvent } from '@eventstore/db-client';
import { DomainError } from '../../domains/shared/errors.js';
import { categoryOf, type EventMetadata, type Position, type StoredEvent, type StreamEvent } from './stored-event.js';

/** An event of `$all` as the platform sees it. */
export const stored = (event: AllStreamRecordedEvent): StoredEvent =>
  Object.assign(storedInStream(event), { position: event.position });

/** An event of a stream as the platform sees it. */
export const storedInStream = (event: RecordedEvent): StreamEvent => ({
  id: event.id,
  streamId: event.streamId,
  category: categoryOf(event.streamId),
  revision: Number(event.revision),
  position: toldPosition(event.position),
  type: event.type,
  data: event.data as Readonly<Record<string, unknown>>,
  // Only what others have written has none.
  metadata: (event.metadata ?? {}) as EventMetadata,
  created: event.created,
});

/** Before its version 22.6 EventStoreDB says −1, as 64 bits without a sign, to whoever reads a stream. */
const toldPosition = (position: Position | undefined): Position | null =>
  position === undefined || position.commit === untold ? null : position;
const untold = 2n ** 64n - 1n;

/** An error of the client as a refusal that a caller may try again. */
export const unavailable = (error: unknown): Error => {
  if (error instanceof DomainError) return error;
  const refusal = new DomainError('service.unavailable', 'The event store does not answer; try again soon');
  refusal.cause = error;
  return refusal;
};
