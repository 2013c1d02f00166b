import {
  createProofs,
  type LoggedProof,
  type ProofParts,
  type SignedCheckpoint,
} from '../../infra/audit-log/proofs.js';
import { route, type Plain, type Route } from '../http/route.js';
import { ok } from '../http/success.js';
import { auditors } from './access.js';
import { positionOf } from './names.js';
import {
  CheckpointsAnswer,
  CheckpointsQuery,
  ConsistencyAnswer,
  ConsistencyQuery,
  ProofAnswer,
  type CheckpointAnswer,
} from './proof-answers.js';

export type ProofRouteParts = ProofParts;

/** What can be checked off line, with the public key. */
export const proofRoutes = (parts: ProofRouteParts): readonly Route[] => {
  const proofs = createProofs(parts);
  return [
    route(
      'GET',
      '/audit/proofs/:position',
      {
        id: 'getProof',
        summary: 'That the event at a position is in the log that was signed',
        access: auditors,
        answers: ok(ProofAnswer),
        refuses: ['audit.not_logged', 'audit.tampered'],
      },
      async ({ params: { position } }) => ({
        status: 200,
        body: proofAnswer(await proofs.ofEvent(positionOf(position))),
      }),
    ),

    route(
      'GET',
      '/audit/consistency',
      {
        id: 'getConsistency',
        summary: 'That the log of so many events begins with that of fewer',
        access: auditors,
        query: ConsistencyQuery,
        answers: ok(ConsistencyAnswer),
        refuses: ['audit.not_logged', 'audit.tampered'],
      },
      async ({ query: { from, to } }) => {
        const { hashes } = await proofs.ofConsistency(from, to);
        return { status: 200, body: { from, to, hashes: hashes.map(inBase64) } };
      },
    ),

    route(
      'GET',
      '/audit/checkpoints',
      {
        id: 'listCheckpoints',
        summary: 'The checkpoints that were signed, the newest first',
        access: auditors,
        query: CheckpointsQuery,
        answers: ok(CheckpointsAnswer),
      },
      async ({ query: { limit = 20, cursor } }) => {
        const found = await proofs.checkpoints(limit + 1, cursor);
        const items = found.slice(0, limit).map(checkpointAnswer);
        const nextCursor = found.length > limit ? String(items.at(-1)?.size) : null;
        return { status: 200, body: { items, nextCursor, publicKey: await proofs.publicKey() } };
      },
    ),
  ];
};

const inBase64 = (bytes: Buffer) => bytes.toString('base64');

const proofAnswer = ({ text, digest, hashes, ...proof }: LoggedProof): Plain<ProofAnswer> => ({
  ...proof,
  ...{ event: text, digest: inBase64(digest), hashes: hashes.map(inBase64) },
});

const checkpointAnswer = ({ size, position, note, madeAt }: SignedCheckpoint): Plain<CheckpointAnswer> => ({
  ...{ size, position, checkpoint: note, madeAt: madeAt.toISOString() },
});
