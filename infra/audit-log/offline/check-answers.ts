import type { KeyObject } from 'node:crypto';
import { hash } from 'node:crypto';
import { openCheckpoint, type Checkpoint } from '../checkpoint.js';
import { provesConsistency } from '../merkle-proofs.js';
import { isProven } from './check-events.js';
import type { Report } from './report.js';

/** As `GET /audit/proofs/:position` answers it. */
export type ProofAnswer = Readonly<{
  position: string;
  index: number;
  hashes: readonly string[];
  /** The text that the leaf is computed from; `null` where the store does not have the event any more. */
  event: string | null;
  digest: string;
  checkpoint: string;
}>;

/** As `GET /audit/consistency` answers it. */
export type ConsistencyAnswer = Readonly<{ from: number; to: number; hashes: readonly string[] }>;

export const isProofAnswer = (answer: object): answer is ProofAnswer => 'index' in answer && 'checkpoint' in answer;

export const isConsistencyAnswer = (answer: object): answer is ConsistencyAnswer =>
  'from' in answer && 'to' in answer && 'hashes' in answer && Array.isArray(answer.hashes);

/** Checks that an event is in the log that a checkpoint is of. */
export const checkProof = (answer: ProofAnswer, key: KeyObject, { good, bad }: Report): void => {
  const { position, event, digest, checkpoint: note } = answer;
  const checkpoint = openCheckpoint(note, key);
  if (!checkpoint) {
    bad('checkpoint', 'it is not signed with the key');
    return;
  }
  good('checkpoint', `it is signed with the key: a log of ${checkpoint.size} events`);
  if (typeof event !== 'string') {
    bad('event', 'it is not there, so nobody can say what was logged');
    return;
  }
  if (hash('sha256', event, 'base64') !== digest) {
    bad('event', 'it does not have the digest of the proof');
    return;
  }
  if (!isProven(event, answer, checkpoint)) {
    bad('proof', 'the event, or its proof, is not what the log has');
    return;
  }
  const said = (JSON.parse(event) as Readonly<{ position?: unknown }>).position;
  if (said !== position) {
    bad('event', `it lies at position ${String(said)}, and not at ${position}`);
    return;
  }
  good('event', `it is in the log, as event ${answer.index + 1} of ${checkpoint.size}`);
};

/** Checks that nothing was changed in the log from one checkpoint to another: the notes of both, and what lies between. */
export const checkConsistency = (
  { from, to, hashes }: ConsistencyAnswer,
  { key, notes }: Readonly<{ key: KeyObject; notes: readonly string[] }>,
  { good, bad }: Report,
): void => {
  const checkpoints = notes.map((note) => openCheckpoint(note, key));
  const ofSize = (size: number): Checkpoint | undefined => checkpoints.find((each) => each?.size === size) ?? undefined;
  if (checkpoints.includes(null)) {
    bad('checkpoints', 'one of them is not signed with the key');
    return;
  }
  const [older, newer] = [ofSize(from), ofSize(to)];
  if (!older || !newer) {
    bad('checkpoints', `those of the sizes ${from} and ${to} are needed: give them with --checkpoint`);
    return;
  }
  good('checkpoints', `they are signed with the key: logs of ${from} and ${to} events`);
  const proof = { from, to, hashes: hashes.map((each) => Buffer.from(each, 'base64')) };
  if (provesConsistency(proof, older.root, newer.root)) good('log', `its first ${from} events are the same in both`);
  else bad('log', 'the newer one does not begin with the older one: something was changed, or the proof is wrong');
};
