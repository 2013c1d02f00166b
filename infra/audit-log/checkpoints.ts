import type { Postgres } from '../postgres/postgres.js';
import { openCheckpoint, signCheckpoint, type Checkpoint } from './checkpoint.js';
import type { CheckpointTarget } from './checkpoint-target.js';
import { readHead } from './log-head.js';
import { rootOf } from './merkle-tree.js';
import type { SigningKey } from './signing-key.js';

/** A checkpoint that was signed; `null` stands for one that is not there any more, or does not have its signature. */
export type Signed = Readonly<{ size: number; root: Buffer | null; position: bigint | null }>;

/** How much of the log a note is over. */
export type Noted = Readonly<{ note: string; size: number; position: bigint }>;

/**
 * The log at a moment: how much was logged, the note over most of it, and all that were ever signed, the smallest first. A
 * note may be over more than was logged, where PostgreSQL was lost and the log is being made anew.
 */
export type SignedLog = Readonly<{
  logged: Readonly<{ size: number; through: bigint }>;
  latest: Noted | null;
  signed: readonly Signed[];
}>;

export type Checkpoints = Readonly<{
  /**
   * Signs the log as it is, unless it is signed so far already, and publishes what is not yet. Gives the latest note, or
   * `null` while nothing is logged. @throws TargetUnreachable; the note is then published by the next call.
   */
  make: () => Promise<Noted | null>;
  /** Makes one, and gathers all that were ever signed; `null` where nothing ever was. @throws TargetUnreachable */
  gather: () => Promise<SignedLog | null>;
}>;

export type CheckpointParts = Readonly<{ postgres: Postgres; target: CheckpointTarget; key: SigningKey }>;

type Row = Readonly<{ size: bigint; position: bigint; note: string }>;

/** Of one auditor: one call begins when the one before is over. */
export const createCheckpoints = ({ postgres, target, key }: CheckpointParts): Checkpoints => {
  const make = async (): Promise<Noted | null> => {
    const { tree, place } = await readHead(postgres);
    if (place === null) return null;
    const { size } = tree;
    const { rows } = await postgres.query<Row>(selectNote, [size]);
    const before = rows.map(noted)[0];
    if (before) {
      await publish();
      return before;
    }
    const position = place.commit;
    const made = { size, root: rootOf(tree), position, time: new Date().toISOString() };
    const note = signCheckpoint(made, key);
    await postgres.query(insertNote, [size, position, made.root, note, made.time]);
    await publish(note);
    return { note, size, position };
  };

  /** A checkpoint is in PostgreSQL before it is elsewhere: one that an auditor has left behind is found here. */
  const publish = async (made?: string) => {
    const { rows } = await postgres.query<Row>(selectUnpublished);
    const isThere = new Set(rows.every(({ note }) => note === made) ? [] : await target.all());
    for (const { size, note } of rows) {
      if (!isThere.has(note)) await target.append(note);
      await postgres.query('update audit_checkpoints set is_published = true where size = $1', [size]);
    }
  };

  const gather = async (): Promise<SignedLog | null> => {
    const made = await make();
    const notes = await target.all();
    const isThere = new Set(notes);
    const { rows } = await postgres.query<Row>(selectNotes);
    const lost = rows.map(noted).filter(({ note }) => !isThere.has(note));
    const told = signedOf(notes, (note) => openCheckpoint(note, key.publicKey));
    const signed = [...told, ...lost.map(({ size, position }) => ({ size, root: null, position }))];
    if (signed.length === 0) return null;
    return {
      logged: { size: made?.size ?? 0, through: made?.position ?? -1n },
      latest: largest(told, notes) ?? made,
      signed: signed.toSorted((one, other) => one.size - other.size),
    };
  };

  let before: Promise<unknown> = Promise.resolve();
  const inTurn = <Result>(work: () => Promise<Result>): Promise<Result> => {
    const done = before.then(work);
    before = done.catch(() => undefined);
    return done;
  };
  return { make: () => inTurn(make), gather: () => inTurn(gather) };
};

const noted = ({ size, position, note }: Row): Noted => ({ size: Number(size), position, note });

const selectNotes = 'select size, position, note from audit_checkpoints order by size';
const selectNote = 'select size, position, note from audit_checkpoints where size = $1';
const selectUnpublished = 'select size, position, note from audit_checkpoints where not is_published order by size';
const insertNote = 'insert into audit_checkpoints (size, position, root, note, made_at) values ($1, $2, $3, $4, $5)';

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

const largest = (signed: readonly Signed[], notes: readonly string[]): Noted | null =>
  signed.reduce<Noted | null>(
    (most, { size, root, position }, index) =>
      root !== null && position !== null && size >= (most?.size ?? 0)
        ? { size, position, note: notes[index] as string }
        : most,
    null,
  );
