import type { AllStreamRecordedEvent, RecordedEvent } from '@eventstore/db-client';
import { DomainError } from '../../domains/shared/errors.js';
import { categoryOf, type EventMetadata, type StoredEvent, type StreamEvent } from './stored-event.js';

/** An event of `$all` as the platform sees it. */
export const stored = (event: AllStreamRecordedEvent): StoredEvent => ({
  ...storedInStream(event),
  position: event.position,
});

/** An event of a stream as the platform sees it. */
export const storedInStream = (event: RecordedEvent): StreamEvent => ({
  id: event.id,
  streamId: event.streamId,
  category: categoryOf(event.streamId),
  revision: Number(event.revision),
  position: event.position ?? null,
  type: event.type,
  data: event.data as Readonly<Record<string, unknown>>,
  metadata: event.metadata as EventMetadata,
  created: event.created,
});

/** An error of the client as a refusal that a caller may try again. */
export const unavailable = (error: unknown): Error => {
  if (error instanceof DomainError) return error;
  const refusal = new DomainError('service.unavailable', 'The event store does not answer; try again soon');
  refusal.cause = error;
  return refusal;
};
