import type { Postgres } from '../../postgres/postgres.js';
import { inclusionProofs } from '../inclusion-proofs.js';
import { mostEventsOfMember } from './bundle-format.js';
import type { ProvenEvent } from './bundle-members.js';
import type { LoggedEvent } from './logged-events.js';

/** Whoever makes a bundle, or checks it, has a part of it in memory. */
const mostCharacters = 8 * 1024 * 1024;

/** Events with their proofs against a log of `size` events, in parts of which each is held in memory. */
export async function* provenParts(
  postgres: Pick<Postgres, 'query'>,
  batches: AsyncIterable<readonly LoggedEvent[]>,
  size: number,
  most: number = mostEventsOfMember,
): AsyncGenerator<readonly ProvenEvent[], void> {
  let part: ProvenEvent[] = [];
  let characters = 0;
  for await (const batch of batches)
    for (const event of await proven(postgres, batch, size)) {
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
  size: number,
): Promise<readonly ProvenEvent[]> => {
  const indexes = batch.map(({ index }) => index);
  const proofs = await inclusionProofs(postgres, indexes, size);
  return batch.map(({ event, text, index }, number) => {
    const hashes = (proofs[number]?.hashes ?? []).map((each) => each.toString('base64'));
    return { text, proof: { position: String(event.position.commit), index, hashes } };
  });
};
