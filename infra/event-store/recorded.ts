import type { AllStreamRecordedEvent, RecordedEvent } from '@eventstore/db-client';
import { DomainError } from '../../domains/shared/errors.js';
import { categoryOf, type EventMetadata, type StoredEvent } from './stored-event.js';

/** An event as the client gives it, as the platform sees it. @throws Error when the store left its position out. */
export const stored = (event: RecordedEvent | AllStreamRecordedEvent): StoredEvent => {
  const { position } = event;
  if (!position) throw new Error(`The event store gave no position for revision ${event.revision.toString()}`);
  return {
    id: event.id,
    streamId: event.streamId,
    category: categoryOf(event.streamId),
    revision: Number(event.revision),
    position,
    type: event.type,
    data: event.data as Readonly<Record<string, unknown>>,
    metadata: event.metadata as EventMetadata,
    created: event.created,
  };
};

/** An error of the client as a refusal that a caller may try again. */
export const unavailable = (error: unknown): Error => {
  if (error instanceof DomainError) return error;
  const refusal = new DomainError('service.unavailable', 'The event store does not answer; try again soon');
  refusal.cause = error;
  return refusal;
};
