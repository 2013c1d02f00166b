import type { Position } from '../event-store/stored-event.js';
import { reachingPostgres, type Postgres } from '../postgres/postgres.js';
import { once } from '../process/once.js';
import { correlationKey } from './correlation-key.js';
import { readHead } from './log-head.js';
import { ensureAuditTables } from './log-tables.js';

/** Where an event lies. */
export type Indexed = Readonly<{ position: Position; streamId: string; revision: number }>;

/** A stream: its first event and its last. */
export type IndexedStream = Readonly<{ streamId: string; lastRevision: number }>;

/**
 * Finds events by what the audit log keeps beside their digests, without a look through the whole store. It only says
 * where to look: what an event says is read from the store. Everything throws DomainError `service.unavailable` while
 * PostgreSQL is away.
 */
export type AuditIndex = Readonly<{
  /** The events under a correlation id, in their order; those beyond `through` are for the store to tell. */
  ofCorrelation: (
    correlationId: string,
    most: number,
  ) => Promise<Readonly<{ found: readonly Indexed[]; through: Position | null }>>;
  /** A place after which every event lies that was created at `instant` or later; `null` is the beginning. */
  before: (instant: Date) => Promise<Position | null>;
  /** Streams whose names begin with `prefix`, by name, those after a name. */
  streams: (
    prefix: string,
    page: Readonly<{ after: string | null; limit: number }>,
  ) => Promise<readonly IndexedStream[]>;
}>;

/** No more events of a correlation are given together: more are asked for by streams, or as a period. */
export const mostOfCorrelation = 10_000;

type EntryRow = Readonly<{ position: bigint; prepare: bigint; stream: string; revision: bigint }>;

/** Reads the tables that the auditor writes; while there is no auditor they say how far the last one came. */
export const createAuditIndex = (postgres: Postgres): AuditIndex => {
  const prepared = once(() => ensureAuditTables(postgres));
  const ask = <Result>(question: () => Promise<Result>): Promise<Result> =>
    reachingPostgres(async () => {
      await prepared();
      return question();
    });
  return {
    ofCorrelation: (correlationId, most) =>
      ask(async () => {
        const { tree, place } = await readHead(postgres);
        const { rows } = await postgres.query<EntryRow>(selectCorrelation, [
          correlationKey(correlationId),
          tree.size,
          most,
        ]);
        return { found: rows.map(indexed), through: place };
      }),
    before: (instant) =>
      ask(async () => {
        const { rows } = await postgres.query<EntryRow>(selectBefore, [instant]);
        return rows[0] ? indexed(rows[0]).position : null;
      }),
    streams: (prefix, { after, limit }) =>
      ask(async () => {
        const { rows } = await postgres.query<Readonly<{ stream: string; last_revision: bigint }>>(selectStreams, [
          ...[prefix, after, limit],
        ]);
        return rows.map(({ stream, last_revision }) => ({ streamId: stream, lastRevision: Number(last_revision) }));
      }),
  };
};

const indexed = ({ position, prepare, stream, revision }: EntryRow): Indexed => ({
  position: { commit: position, prepare },
  streamId: stream,
  revision: Number(revision),
});

const selectCorrelation = `
  select position, prepare, stream, revision from audit_entries
  where correlation = $1 and index < $2 order by index limit $3`;

/** Halves the log until it has the first entry whose `latest` is not before the instant: the one before that. */
const selectBefore = `
  with recursive search (low, high) as (
    select 0::bigint, size from audit_head
    union all
    select case when entry.latest < $1 then (low + high) / 2 + 1 else low end,
      case when entry.latest < $1 then high else (low + high) / 2 end
    from search join audit_entries entry on entry.index = (low + high) / 2
    where low < high
  )
  select position, prepare, stream, revision from audit_entries
  where index = (select low - 1 from search where low = high)`;

const selectStreams = `
  select stream, last_revision from audit_streams
  where starts_with(stream, $1) and stream >= $1 and stream < $1 || chr(1114111) and ($2::text is null or stream > $2)
  order by stream limit $3`;
