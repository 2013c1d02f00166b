import { DamagedLog } from '../event-store/damaged-log.js';
import type { Position, StoredEvent } from '../event-store/stored-event.js';
import { checkSigned } from './check-signed.js';
import type { Signed, SignedLog } from './checkpoints.js';
import {
  createLookups,
  differenceAt,
  ofEntry,
  ofEvent,
  type FirstDifference,
  type LookupParts,
} from './first-difference.js';
import { columnsText, indexedColumns } from './indexed-columns.js';
import { leafDigest } from './leaf.js';
import { readEntries, type LoggedEntries } from './logged-entries.js';
import { emptyTree, grow, hashLength, leafHash } from './merkle-tree.js';

/**
 * Reads the whole store up to where the log was signed, and gives the first place at which it is not what was logged and
 * signed; `null` where there is none. Where a note is over more than was logged, the store alone is held against it.
 *
 * @throws DomainError `service.unavailable` when the event store goes away; the error of PostgreSQL when that does.
 */
export const verifyLog = async (
  { eventStore, postgres }: LookupParts,
  { logged: { size, through }, signed }: SignedLog,
  onProgress: (done: number) => Promise<void>,
): Promise<FirstDifference | null> => {
  const lookups = createLookups({ eventStore, postgres });
  const { entryAt } = lookups;
  const entriesOf = readEntries(postgres, size);
  const checks = checkSigned(signed);
  let tree = emptyTree;
  let latest: Date | null = null;
  let last: Position | null = null;
  let unproved: StoredEvent | null = null;

  const compare = async (events: readonly StoredEvent[]): Promise<FirstDifference | null> => {
    const digests = events.map(leafDigest);
    const columns = indexedColumns(events, latest);
    const logged = await entriesOf(tree.size, events.length);
    const changed = firstChanged(digests, logged);
    const differing = firstOther(columns.slice(0, changed).map(columnsText), logged);
    const same = digests.slice(0, differing);
    const signedWrong = checks.through(tree, same);
    tree = grow(tree, same.map(leafHash));
    latest = columns.at(-1)?.latest ?? latest;
    last = events.at(-1)?.position ?? last;
    if (signedWrong) return afterLastGood(signedWrong);
    const event = events[differing];
    if (!event) return null;
    return differing < changed
      ? ofEvent(event, 'index')
      : differenceAt(event, tree.size < size ? await entryAt(tree.size) : null, lookups);
  };

  const afterLastGood = async ({ position }: Signed) => {
    if (unproved) return ofEvent(unproved, 'checkpoint');
    return ofEntry(await entryAt(checks.lastGood()), 'checkpoint', position ?? through);
  };

  /** A log that is made anew has not come to all that was signed before: the store has to agree with that by itself. */
  const readOn = async (): Promise<FirstDifference | null> => {
    for await (const events of eventStore.readAll({ after: last })) {
      const digests = events.map(leafDigest);
      const signedWrong = checks.through(tree, digests);
      if (checks.lastGood() >= tree.size) unproved = events[checks.lastGood() - tree.size] ?? null;
      if (signedWrong) return afterLastGood(signedWrong);
      if (!checks.left()) return null;
      tree = grow(tree, digests.map(leafHash));
      await onProgress(tree.size);
    }
    const beyond = checks.left();
    return beyond ? afterLastGood(beyond) : null;
  };

  try {
    for await (const batch of eventStore.readAll({ after: null })) {
      const found = await compare(batch.filter(({ position }) => position.commit <= through));
      if (found) return found;
      await onProgress(tree.size);
      if ((batch.at(-1)?.position.commit ?? -1n) >= through) break;
    }
    if (tree.size < size) return await differenceAt(null, await entryAt(tree.size), lookups);
    return checks.left() ? await readOn() : null;
  } catch (error) {
    if (!(error instanceof DamagedLog)) throw error;
    // The event that cannot be read is the next one.
    const beyond = checks.left();
    return tree.size < size || !beyond ? ofEntry(await entryAt(tree.size), 'changed') : afterLastGood(beyond);
  }
};

/** The index of the first digest that is not the one logged there; how many they are where all are. */
const firstChanged = (digests: readonly Buffer[], { digests: logged }: LoggedEntries): number => {
  if (Buffer.concat(digests).equals(logged)) return digests.length;
  return digests.findIndex(
    (digest, index) => !digest.equals(logged.subarray(index * hashLength, (index + 1) * hashLength)),
  );
};

/** The same of the texts of what events are found by. */
const firstOther = (texts: readonly string[], { columns: logged }: LoggedEntries): number => {
  const index = texts.findIndex((text, number) => text !== logged[number]);
  return index === -1 ? texts.length : index;
};
