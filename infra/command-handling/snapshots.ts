import { createHash } from 'node:crypto';
import type { Log } from '../logging/log.js';
import { ensureSchema, type Postgres } from '../postgres/postgres.js';
import { once } from '../process/once.js';
import { within } from '../process/within.js';
import type { Mark } from './recent-commands.js';

/** A state as it was after an event of its stream. `eventId` tells whether the stream is still the one it was made of. */
export type Snapshot = Readonly<{
  revision: number;
  eventId: string;
  /** Plain JSON. */
  state: unknown;
  commands: readonly (readonly [commandId: string, mark: Mark])[];
}>;

/** States of long streams, so that not every event need be read again. They may be lost at any time without harm. */
export type Snapshots = Readonly<{
  /** The latest one of this version; `null` where there is none that can be believed, or PostgreSQL is away or slow. */
  find: (streamId: string, version: number) => Promise<Snapshot | null>;
  /** Keeps one in place of any other. It never rejects: without it more events are read. */
  keep: (streamId: string, version: number, snapshot: Snapshot) => Promise<void>;
}>;

const schema = `create table if not exists snapshots (
  stream_id text primary key,
  version integer not null,
  revision bigint not null,
  body text not null,
  checksum text not null
)`;

/**
 * Also over one that seems later: it may be broken, of another version or of a stream that is no more, and then the whole
 * stream would be read at every start. Of two that are good the earlier one costs a few events more, until the next.
 */
const keepStatement = `
  insert into snapshots (stream_id, version, revision, body, checksum) values ($1, $2, $3, $4, $5)
  on conflict (stream_id) do update set version = excluded.version, revision = excluded.revision,
    body = excluded.body, checksum = excluded.checksum`;

/** Whoever waits longer had better read the events. */
const soonMs = 1_000;

type Row = Readonly<{ revision: bigint; body: string; checksum: string }>;

/** Snapshots in PostgreSQL. They hold what deciders see, so nothing personal that is readable. */
export const createSnapshots = ({ postgres, log }: Readonly<{ postgres: Postgres; log: Log }>): Snapshots => {
  const prepared = once(() => ensureSchema(postgres, schema));
  const passedOver = (streamId: string, reason: unknown) => {
    log.warn({ stream: streamId, err: reason }, 'a snapshot was passed over');
    return null;
  };
  const look = async (streamId: string, version: number): Promise<Snapshot | null> => {
    try {
      await prepared();
      const { rows } = await postgres.query<Row>(
        'select revision, body, checksum from snapshots where stream_id = $1 and version = $2',
        [streamId, version],
      );
      if (!rows[0]) return null;
      const { revision, body, checksum } = rows[0];
      if (checksum !== checksumOf(streamId, version, body))
        return passedOver(streamId, new Error('Its checksum is not that of its text'));
      const snapshot = parse(body);
      return snapshot.revision === Number(revision) ? snapshot : passedOver(streamId, new Error('It is misfiled'));
    } catch (error) {
      return passedOver(streamId, error);
    }
  };
  return {
    find: (streamId, version) => within(soonMs, look(streamId, version), null),
    keep: async (streamId, version, snapshot) => {
      try {
        await prepared();
        const body = stringify(snapshot);
        const checksum = checksumOf(streamId, version, body);
        await postgres.query(keepStatement, [streamId, version, snapshot.revision, body, checksum]);
      } catch (error) {
        log.warn({ stream: streamId, err: error }, 'a snapshot was not kept');
      }
    },
  };
};

const checksumOf = (streamId: string, version: number, body: string) =>
  createHash('sha256').update(`${streamId}\0${version}\0${body}`).digest('hex');

/** JSON has no integers of 64 bits: positions are written as decimal strings. */
const stringify = ({ commands, ...snapshot }: Snapshot): string =>
  JSON.stringify({
    ...snapshot,
    commands: commands.map(([id, mark]) => [id, { ...mark, position: mark.position?.toString() ?? null }]),
  });

type Body = Omit<Snapshot, 'commands'> &
  Readonly<{ commands: readonly [string, Omit<Mark, 'position'> & { position: string | null }][] }>;

const parse = (body: string): Snapshot => {
  const { commands, ...snapshot } = JSON.parse(body) as Body;
  return {
    ...snapshot,
    commands: commands.map(([id, { revision, position, requestHash }]) => [
      id,
      { revision, position: position === null ? null : BigInt(position), requestHash },
    ]),
  };
};
