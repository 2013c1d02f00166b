import { DamagedLog } from '../event-store/damaged-log.js';
import type { StoredEvent } from '../event-store/stored-event.js';
import type { Signed, SignedLog } from './checkpoints.js';
import { createLookups, differenceAt, ofEntry, type FirstDifference, type LookupParts } from './first-difference.js';
import { leafDigest } from './leaf.js';
import { readDigests } from './logged-digests.js';
import { emptyTree, grow, hashLength, leafHash, rootOf, type Tree } from './merkle-tree.js';

/**
 * Reads the whole store up to where the log was signed, and gives the first place at which it is not what was logged and
 * signed; `null` where there is none.
 *
 * @throws DomainError `service.unavailable` when the event store goes away; the error of PostgreSQL when that does.
 */
export const verifyLog = async (
  { eventStore, postgres }: LookupParts,
  { latest: { size, position: through }, signed }: SignedLog,
  onProgress: (done: number) => Promise<void>,
): Promise<FirstDifference | null> => {
  const lookups = createLookups({ eventStore, postgres });
  const { entryAt } = lookups;
  const digestsOf = readDigests(postgres, size);
  const checks = checkSigned(signed);
  let tree = emptyTree;

  const compare = async (events: readonly StoredEvent[]): Promise<FirstDifference | null> => {
    const digests = events.map(leafDigest);
    const logged = await digestsOf(tree.size, events.length);
    const differing = firstDiffering(digests, logged);
    const same = digests.slice(0, differing);
    const signedWrong = checks.through(tree, same);
    tree = grow(tree, same.map(leafHash));
    if (signedWrong) return afterLastGood(signedWrong);
    const event = events[differing];
    return event ? differenceAt(event, tree.size < size ? await entryAt(tree.size) : null, lookups) : null;
  };

  const afterLastGood = async ({ position }: Signed) =>
    ofEntry(await entryAt(checks.lastGood()), 'checkpoint', position ?? through);

  try {
    for await (const batch of eventStore.readAll({ after: null })) {
      const found = await compare(batch.filter(({ position }) => position.commit <= through));
      if (found) return found;
      await onProgress(tree.size);
      if ((batch.at(-1)?.position.commit ?? 0n) >= through) break;
    }
  } catch (error) {
    // The event that cannot be read is the next one.
    if (error instanceof DamagedLog) return ofEntry(await entryAt(tree.size), 'changed');
    throw error;
  }
  if (tree.size < size) return differenceAt(null, await entryAt(tree.size), lookups);
  const beyond = checks.left();
  return beyond ? afterLastGood(beyond) : null;
};

/** The index of the first digest that is not the one logged there; how many they are where all are. */
const firstDiffering = (digests: readonly Buffer[], logged: Buffer): number => {
  if (Buffer.concat(digests).equals(logged)) return digests.length;
  return digests.findIndex(
    (digest, index) => !digest.equals(logged.subarray(index * hashLength, (index + 1) * hashLength)),
  );
};

/** Holds the tree, as it grows, against what was signed at each size. */
const checkSigned = (signed: readonly Signed[]) => {
  let next = 0;
  let lastGood = 0;

  const isGood = ({ root }: Signed, tree: Tree) => root !== null && root.equals(rootOf(tree));

  /** The first that is not what the tree had, on its way through these digests. */
  const through = (tree: Tree, digests: readonly Buffer[]): Signed | null => {
    let grown = tree;
    for (let one = signed[next]; one && one.size <= tree.size + digests.length; one = signed[next]) {
      grown = grow(grown, digests.slice(grown.size - tree.size, one.size - tree.size).map(leafHash));
      if (!isGood(one, grown)) return one;
      lastGood = one.size;
      next += 1;
    }
    return null;
  };

  return { through, lastGood: () => lastGood, left: () => signed[next] ?? null };
};
