import type { Message } from '../shared/decider.js';
import type { EventSchemas } from '../shared/event-schema.js';

// These names and fields are the storage format: change one only with a new schema version and an upcaster.
export type AuditEvent =
  // Who read is the metadata's `actor`, and in the name of the stream.
  Message<'AuditRead', { what: string }>;

export const auditEvents: EventSchemas<AuditEvent> = {
  AuditRead: { version: 1 },
};
