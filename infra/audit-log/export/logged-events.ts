import type { StoredEvent } from '../../event-store/stored-event.js';
import type { Postgres } from '../../postgres/postgres.js';
import { leafText } from '../leaf.js';
import { hash } from 'node:crypto';
import { tampered } from './tampered.js';

/** An event that the log has as it is, its text there, the digest of that, and its number. */
export type LoggedEvent = Readonly<{ event: StoredEvent; text: string; digest: Buffer; index: number }>;

type Row = Readonly<{ position: bigint; index: bigint; digest: Buffer }>;

/** Holds events against the log. @throws DomainError `audit.tampered` where it does not have one as it is. */
export const loggedEvents = async (
  postgres: Pick<Postgres, 'query'>,
  events: readonly StoredEvent[],
): Promise<readonly LoggedEvent[]> => {
  const { rows } = await postgres.query<Row>(
    'select position, index, digest from audit_entries where position = any($1::bigint[])',
    [events.map(({ position }) => position.commit)],
  );
  const entries = new Map(rows.map((row) => [row.position, row]));
  return events.map((event) => {
    const entry = entries.get(event.position.commit);
    const text = leafText(event);
    const digest = hash('sha256', text, 'buffer');
    if (!entry?.digest.equals(digest)) throw tampered(event);
    return { event, text, digest, index: Number(entry.index) };
  });
};
