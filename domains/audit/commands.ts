import type { Message } from '../shared/decider.js';
import { fields, id, parseBy, text } from '../shared/parse.js';

/** That `reader`, a user id, looks at something of the record: `what` says at what, and holds nothing personal. */
export type RecordAuditRead = Message<'RecordAuditRead', { reader: string; what: string }>;

export const parseRecordAuditRead: (data: unknown) => RecordAuditRead['data'] = parseBy(
  fields({ reader: id, what: text(2_000) }),
);
