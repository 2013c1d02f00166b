import type { Postgres } from '../../postgres/postgres.js';
import type { Checkpoint } from '../checkpoint.js';
import { inclusionProofs } from '../inclusion-proofs.js';
import { provesInclusion } from '../merkle-proofs.js';
import { leafHash } from '../merkle-tree.js';
import { mostEventsOfMember } from './bundle-format.js';
import type { ProvenEvent } from './bundle-members.js';
import type { LoggedEvent } from './logged-events.js';
import { unproven } from './tampered.js';

/** Whoever makes a bundle, or checks it, has a part of it in memory. */
const mostCharacters = 8 * 1024 * 1024;

type Proving = Pick<Checkpoint, 'size' | 'root'>;

/**
 * Events with proofs that they are in the log as it was signed, in parts of which each is held in memory.
 *
 * @throws DomainError `audit.tampered` where what the log has now does not lead to what was signed.
 */
export async function* provenParts(
  postgres: Pick<Postgres, 'query'>,
  batches: AsyncIterable<readonly LoggedEvent[]>,
  checkpoint: Proving,
  most: number = mostEventsOfMember,
): AsyncGenerator<readonly ProvenEvent[], void> {
  let part: ProvenEvent[] = [];
  let characters = 0;
  for await (const batch of batches)
    for (const event of await proven(postgres, batch, checkpoint)) {
      part.push(event);
      characters += event.text.length;
      if (part.length < most && characters < mostCharacters) continue;
      yield part;
      [part, characters] = [[], 0];
    }
  if (part.length > 0) yield part;
}

const proven = async (
  postgres: Pick<Postgres, 'query'>,
  batch: readonly LoggedEvent[],
  { size, root }: Proving,
): Promise<readonly ProvenEvent[]> => {
  const indexes = batch.map(({ index }) => index);
  const proofs = await inclusionProofs(postgres, indexes, size);
  return batch.map(({ event, text, digest, index }, number) => {
    const proof = { index, size, hashes: proofs[number]?.hashes ?? [] };
    if (!provesInclusion(proof, leafHash(digest), root)) throw unproven(event);
    const hashes = proof.hashes.map((each) => each.toString('base64'));
    return { text, proof: { position: String(event.position.commit), index, hashes } };
  });
};
