import type { Aggregate, CommandDefinition, Service } from '../shared/service.js';
import { parseRecordAuditRead, type RecordAuditRead } from './commands.js';
import { auditEvents, type AuditEvent } from './events.js';
import { reader, type Reader } from './reader.js';
import { auditUpcasters } from './upcasters.js';

const readerAggregate: Aggregate<Reader, RecordAuditRead, AuditEvent> = {
  category: 'audit',
  decider: reader,
  events: auditEvents,
  upcasters: auditUpcasters,
  snapshot: { version: 1 },
};

const recordAuditRead: CommandDefinition<RecordAuditRead['data']> = {
  parse: parseRecordAuditRead,
  steps: (data) => [{ aggregate: readerAggregate, id: data.reader, command: { type: 'RecordAuditRead', data } }],
};

/** Who has looked at the record. */
export const audit: Service = {
  context: 'audit',
  aggregates: [readerAggregate],
  commands: { RecordAuditRead: recordAuditRead },
  questions: {},
  policies: [],
};
