import { DomainError } from '../../domains/shared/errors.js';
import { isDamage } from '../event-store/damaged-log.js';
import type { EventStore } from '../event-store/event-store.js';
import type { Position } from '../event-store/stored-event.js';
import { reachingPostgres, type Postgres } from '../postgres/postgres.js';
import { once } from '../process/once.js';
import { leafText } from './leaf.js';
import { ensureAuditTables } from './log-tables.js';
import { consistencyRanges, inclusionRanges } from './merkle-proofs.js';
import { rootsOfRanges } from './range-roots.js';

/** What it takes, with the public key, to check off line that an event is in the log that `checkpoint` is signed for. */
export type LoggedProof = Readonly<{
  position: string;
  stream: string;
  revision: number;
  /** The canonical text of the event as the store has it now; `null` where it is gone. */
  text: string | null;
  /** SHA-256 of the text, as it was logged. */
  digest: Buffer;
  index: number;
  size: number;
  hashes: readonly Buffer[];
  checkpoint: string;
}>;

/** That the log of `to` events begins with that of `from` events. */
export type LogConsistency = Readonly<{ from: number; to: number; hashes: readonly Buffer[] }>;

/** A checkpoint as it was signed, and when. */
export type SignedCheckpoint = Readonly<{ size: number; position: string; note: string; madeAt: Date }>;

/** Everything throws DomainError `service.unavailable` while PostgreSQL, or the event store, is away. */
export type Proofs = Readonly<{
  /**
   * A proof of the event at a position, under the latest checkpoint.
   *
   * @throws DomainError `audit.not_logged`; `audit.tampered` where the log lacks what a proof is made of, or the store says
   * that the event is damaged.
   */
  ofEvent: (position: bigint) => Promise<LoggedProof>;
  /**
   * @throws DomainError `audit.not_logged` where the log has not so many events, or `from` is more than `to`;
   * `audit.tampered` where it lacks what the proof is made of.
   */
  ofConsistency: (from: number, to: number) => Promise<LogConsistency>;
  /** The latest checkpoints, those over fewer than `below` events where it is given, the newest first. */
  checkpoints: (limit: number, below?: number) => Promise<readonly SignedCheckpoint[]>;
  /** The key that checkpoints are signed by, as PEM; `null` where no auditor was here yet. */
  publicKey: () => Promise<string | null>;
}>;

export type ProofParts = Readonly<{ eventStore: Pick<EventStore, 'readStream'>; postgres: Postgres }>;

export const createProofs = ({ eventStore, postgres }: ProofParts): Proofs => {
  const prepared = once(() => ensureAuditTables(postgres));
  const ask = <Result>(question: () => Promise<Result>): Promise<Result> =>
    reachingPostgres(async () => {
      await prepared();
      return question();
    });
  return {
    ofEvent: (position) => ask(() => proofOf({ eventStore, postgres }, position)),
    ofConsistency: (from, to) =>
      ask(async () => {
        const [latest] = await latestCheckpoints(postgres, 1);
        if (from > to || to > (latest?.size ?? 0))
          throw new DomainError('audit.not_logged', `${latest?.size ?? 0} events are signed; ask for sizes up to that`);
        return { from, to, hashes: await rootsOfRanges(postgres, consistencyRanges(from, to)) };
      }),
    checkpoints: (limit, below) => ask(() => latestCheckpoints(postgres, limit, below)),
    publicKey: () =>
      ask(async () => {
        const { rows } = await postgres.query<{ public_key: string | null }>('select public_key from audit_head');
        return rows[0]?.public_key ?? null;
      }),
  };
};

type EntryRow = Readonly<{
  index: bigint;
  prepare: bigint;
  stream: string;
  revision: bigint;
  event_id: string;
  digest: Buffer;
}>;

const proofOf = async ({ eventStore, postgres }: ProofParts, position: bigint): Promise<LoggedProof> => {
  const { rows } = await postgres.query<EntryRow>(
    'select index, prepare, stream, revision, event_id, digest from audit_entries where position = $1',
    [position],
  );
  const [latest] = await latestCheckpoints(postgres, 1);
  const entry = rows[0];
  if (!entry || !latest || Number(entry.index) >= latest.size)
    throw new DomainError('audit.not_logged', 'No event that is signed lies there; a new one is signed within seconds');
  const { stream, prepare, event_id: id, digest } = entry;
  const [index, revision] = [Number(entry.index), Number(entry.revision)];
  return {
    ...{ position: String(position), stream, revision, digest, index, size: latest.size, checkpoint: latest.note },
    text: await textOf(eventStore, { id, stream, revision, position: { commit: position, prepare } }),
    hashes: await rootsOfRanges(postgres, inclusionRanges(index, latest.size)),
  };
};

type Place = Readonly<{ id: string; stream: string; revision: number; position: Position }>;

const textOf = async (
  eventStore: ProofParts['eventStore'],
  { id, stream, revision, position }: Place,
): Promise<string | null> => {
  try {
    for await (const event of eventStore.readStream(stream, { from: revision, most: 1 })) {
      // Where the event is gone, the next one that is left comes.
      const isThere = event.revision === revision && (event.id === id || !mayHaveAnotherName(stream));
      return isThere ? leafText({ ...event, position: event.position ?? position }) : null;
    }
    return null;
  } catch (error) {
    throw isDamage((error as Error).cause) ? damagedAt(position) : error;
  }
};

const damagedAt = ({ commit }: Position) =>
  new DomainError(
    'audit.tampered',
    `In the event store the event at position ${commit} does not read as it was written; start a verification`,
  );

/** The log writes this for a NUL, which PostgreSQL does not take: it may be the name of another stream. */
const mayHaveAnotherName = (stream: string) => stream.includes('\ufffd');

type CheckpointRow = Readonly<{ size: bigint; position: bigint; note: string; made_at: Date }>;

const latestCheckpoints = async (
  postgres: Postgres,
  limit: number,
  below?: number,
): Promise<readonly SignedCheckpoint[]> => {
  const { rows } = await postgres.query<CheckpointRow>(
    `select size, position, note, made_at from audit_checkpoints where $2::bigint is null or size < $2
     order by size desc limit $1`,
    [limit, below],
  );
  return rows.map(({ size, position, note, made_at }) => ({
    ...{ size: Number(size), position: String(position), note, madeAt: made_at },
  }));
};
