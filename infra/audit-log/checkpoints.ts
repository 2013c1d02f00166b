import type { Postgres } from '../postgres/postgres.js';
import { openCheckpoint, signCheckpoint, type Checkpoint } from './checkpoint.js';
import type { CheckpointTarget } from './checkpoint-target.js';
import { readHead } from './log-head.js';
import { rootOf } from './merkle-tree.js';
import type { SigningKey } from './signing-key.js';

/** A checkpoint that was signed; `null` stands for one that is not there any more, or does not have its signature. */
export type Signed = Readonly<{ size: number; root: Buffer | null; position: bigint | null }>;

/** The log at a moment: the note over it, and all that were ever signed, the smallest first. */
export type SignedLog = Readonly<{ note: string; latest: Checkpoint; signed: readonly Signed[] }>;

export type Checkpoints = Readonly<{
  /**
   * Signs the log as it is, unless it is signed so far already, and publishes what is not yet. Gives the latest note, or
   * `null` while nothing is logged. @throws TargetUnreachable; the note is then published by the next call.
   */
  make: () => Promise<string | null>;
  /** Makes one, and gathers all that were ever signed. @throws TargetUnreachable */
  gather: () => Promise<SignedLog | null>;
}>;

export type CheckpointParts = Readonly<{ postgres: Postgres; target: CheckpointTarget; key: SigningKey }>;

type Row = Readonly<{ size: bigint; position: bigint; note: string; is_published: boolean }>;

/** Of one auditor: one call begins when the one before is over. */
export const createCheckpoints = ({ postgres, target, key }: CheckpointParts): Checkpoints => {
  const make = async (): Promise<string | null> => {
    const { tree, place } = await readHead(postgres);
    if (place === null) return null;
    const latest = await latestNote(postgres);
    if (latest?.size === tree.size) {
      await publish();
      return latest.note;
    }
    const { size } = tree;
    const position = place.commit;
    const made = { size, root: rootOf(tree), position, time: new Date().toISOString() };
    const note = signCheckpoint(made, key);
    await postgres.query(
      'insert into audit_checkpoints (size, position, root, note, made_at) values ($1, $2, $3, $4, $5)',
      [...[size, position, made.root, note, made.time]],
    );
    await publish();
    return note;
  };

  /** A checkpoint is in PostgreSQL before it is elsewhere: one that an auditor leaves behind is found here. */
  const publish = async () => {
    const { rows } = await postgres.query<Row>(
      'select size, note from audit_checkpoints where not is_published order by size',
    );
    if (rows.length === 0) return;
    const isThere = new Set(rows.length === 1 ? [] : await target.all());
    for (const { size, note } of rows) {
      if (!isThere.has(note)) await target.append(note);
      await postgres.query('update audit_checkpoints set is_published = true where size = $1', [size]);
    }
  };

  const gather = async (): Promise<SignedLog | null> => {
    const note = await make();
    const latest = note === null ? null : openCheckpoint(note, key.publicKey);
    if (note === null || latest === null) return null;
    const notes = await target.all();
    const isThere = new Set(notes);
    const { rows } = await postgres.query<Row>('select size, position, note from audit_checkpoints order by size');
    const lost = rows.filter((row) => !isThere.has(row.note));
    const signed = [
      ...signedOf(notes, (each) => openCheckpoint(each, key.publicKey)),
      ...lost.map(({ size, position }) => ({ size: Number(size), root: null, position })),
    ];
    return { note, latest, signed: signed.toSorted((one, other) => one.size - other.size) };
  };

  let before: Promise<unknown> = Promise.resolve();
  const inTurn = <Result>(work: () => Promise<Result>): Promise<Result> => {
    const done = before.then(work);
    before = done.catch(() => undefined);
    return done;
  };
  return { make: () => inTurn(make), gather: () => inTurn(gather) };
};

const latestNote = async (postgres: Postgres) => {
  const { rows } = await postgres.query<Row>('select size, note from audit_checkpoints order by size desc limit 1');
  return rows[0] && { size: Number(rows[0].size), note: rows[0].note };
};

/** A note that the key has not signed counts where it stands: after the one before it. */
export const signedOf = (
  notes: readonly string[],
  openNote: (note: string) => Checkpoint | null,
): readonly Signed[] => {
  let size = 0;
  return notes.map((note) => {
    const checkpoint = openNote(note);
    if (checkpoint === null) return { size, root: null, position: null };
    ({ size } = checkpoint);
    return checkpoint;
  });
};
