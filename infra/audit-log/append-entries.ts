import { DomainError } from '../../domains/shared/errors.js';
import type { StoredEvent } from '../event-store/stored-event.js';
import { inTransaction, type Postgres, type PostgresConnection } from '../postgres/postgres.js';
import { indexedColumns, withoutNul, type IndexedColumns } from './indexed-columns.js';
import { leafDigest } from './leaf.js';
import type { LogHead } from './log-head.js';
import { grow, leafHash } from './merkle-tree.js';

/** So many levels of the tree apart are the nodes that are kept. */
export const levelsApart = 8;

/**
 * Appends events to the log, all or none, and gives its new head.
 *
 * @throws DomainError `service.unavailable` where the log is not at `head` any more: somebody else writes it.
 */
export const appendEntries = async (
  postgres: Postgres,
  head: LogHead,
  events: readonly StoredEvent[],
): Promise<LogHead> => {
  const last = events.at(-1);
  if (!last) return head;
  const digests = events.map(leafDigest);
  const nodes: Node[] = [];
  const tree = grow(head.tree, digests.map(leafHash), (level, index, hash) => {
    if (level % levelsApart === 0) nodes.push({ level, index, hash });
  });
  const columns = indexedColumns(events, head.latest);
  const newHead = { tree, place: last.position, latest: columns.at(-1)?.latest ?? head.latest };
  await inTransaction(postgres, async (connection) => {
    await moveHead(connection, head, newHead);
    await connection.query(insertEntries, entryColumns(head.tree.size, events, { digests, columns }));
    await connection.query(insertStreams, streamColumns(events));
    if (nodes.length > 0) await connection.query(insertNodes, nodeColumns(nodes));
  });
  return newHead;
};

type Node = Readonly<{ level: number; index: number; hash: Buffer }>;

const moveHead = async (
  connection: PostgresConnection,
  { tree: { size } }: LogHead,
  { tree, place, latest }: LogHead,
) => {
  const { rowCount } = await connection.query(
    'update audit_head set size = $2, position = $3, prepare = $4, latest = $5, peaks = $6 where size = $1',
    [size, tree.size, place?.commit, place?.prepare, latest, Buffer.concat(tree.peaks)],
  );
  if (rowCount !== 1)
    throw new DomainError('service.unavailable', 'Another auditor writes the log; leave it to that one');
};

const insertEntries = `
  insert into audit_entries (index, position, prepare, stream, revision, event_id, digest, correlation, latest)
  select $1 + number - 1, position, prepare, stream, revision, event_id, digest, correlation, latest
  from unnest($2::bigint[], $3::bigint[], $4::text[], $5::bigint[], $6::uuid[], $7::bytea[], $8::uuid[],
    $9::timestamptz[]) with ordinality
    as entry (position, prepare, stream, revision, event_id, digest, correlation, latest, number)`;

const entryColumns = (
  first: number,
  events: readonly StoredEvent[],
  { digests, columns }: Readonly<{ digests: readonly Buffer[]; columns: readonly IndexedColumns[] }>,
): unknown[] => [
  first,
  columns.map(({ position }) => position),
  columns.map(({ prepare }) => prepare),
  columns.map(({ stream }) => stream),
  columns.map(({ revision }) => revision),
  events.map(({ id }) => id),
  digests,
  columns.map(({ correlation }) => correlation),
  columns.map(({ latest }) => latest),
];

/** A name that is too long for an index of PostgreSQL is not listed; what is in such a stream is logged all the same. */
const insertStreams = `
  insert into audit_streams (stream, last_revision)
  select stream, last_revision from unnest($1::text[], $2::bigint[]) as entry (stream, last_revision)
  where octet_length(stream) <= 2000
  on conflict (stream) do update set last_revision = excluded.last_revision`;

const streamColumns = (events: readonly StoredEvent[]): unknown[] => {
  const last = new Map(events.map(({ streamId, revision }) => [withoutNul(streamId), revision]));
  return [[...last.keys()], [...last.values()]];
};

const insertNodes = `
  insert into audit_nodes (level, index, hash) select * from unnest($1::smallint[], $2::bigint[], $3::bytea[])`;

const nodeColumns = (nodes: readonly Node[]): unknown[] => [
  nodes.map(({ level }) => level),
  nodes.map(({ index }) => index),
  nodes.map(({ hash }) => hash),
];
