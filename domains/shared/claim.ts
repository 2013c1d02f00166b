import { DomainError, type ErrorCode } from './errors.js';

/**
 * Names that only one may use, such as addresses and SKUs. A name has a stream of its own, which says who claims it;
 * whoever uses the name (its owner) says so in another. The name is claimed first, then used, and released once the
 * owner uses another one. A claim is made once, for one change, and its id tells it from every other: so a claim that
 * was given up is never used, and one that was replaced never again.
 */
export type Claim = Readonly<{
  /** The owner's id. */
  holder: string;
  /** The id of the change that it was made for; for the name that an owner begins with, the owner's id. */
  claimId: string;
  /** ISO 8601 instant, UTC. */
  claimedAt: string;
}>;

/** Which claim is meant. */
export type ClaimKey = Pick<Claim, 'holder' | 'claimId'>;

/** A name as its owner uses it; `null` for one that was taken up before names were recorded with their owner. */
export type NameInUse = Readonly<{ name: string | null; claimId: string }>;

/** What the stream of an owner says of the names that it used. */
export type Usage = Readonly<{
  inUse: NameInUse | null;
  /** The names that were replaced, by the change that did so. */
  replaced: readonly (NameInUse & Readonly<{ by: string }>)[];
  /** The latest changes of the owner, whether or not they changed the name, by their ids. */
  changes: readonly string[];
  /** Claims that were given up, by their ids: what they were made for may no longer happen. */
  abandoned: readonly string[];
}>;

/** What is to be claimed before a change and released after it. */
export type ChangeOfName = Readonly<{ claim: NameInUse | null; release: NameInUse | null }>;

/** More than a stream remembers commands by: a repeat that is taken for one is known here too. */
const mostChanges = 1_000;

/** Of an owner that used no name yet. */
export const unused: Usage = { inUse: null, replaced: [], changes: [], abandoned: [] };

/**
 * Whether a claim has yet to be recorded on a name where `standing` is the present one; not where it is the same one.
 *
 * @throws DomainError `taken` when somebody else holds the name; `command.conflict` when the holder claimed it for
 * another change, which is under way or about to be undone.
 */
export const isToBeClaimed = (standing: Claim | null, wanted: ClaimKey, taken: ErrorCode): boolean => {
  if (standing === null) return true;
  if (isSameClaim(standing, wanted)) return false;
  if (standing.holder !== wanted.holder) throw new DomainError(taken, 'Somebody else uses it');
  throw new DomainError('command.conflict', 'Another change to the same is not over yet; try again soon');
};

/** Whether `key` means the claim that stands. */
export const isSameClaim = (standing: Claim | null, key: ClaimKey | null): boolean =>
  standing !== null && key !== null && standing.holder === key.holder && standing.claimId === key.claimId;

/** Whether the owner uses `name`; where its name is not known, the claim decides. */
export const uses = ({ inUse }: Usage, name: string, claimId: string): boolean =>
  inUse !== null && (inUse.name === null ? inUse.claimId === claimId : inUse.name === name);

/**
 * What goes with the change `changeId` of an owner that shall use `name` after it. A change that was made already claims
 * nothing, and releases what it replaced: the name of today may be another one.
 */
export const changeOfName = (usage: Usage, name: string, changeId: string): ChangeOfName => {
  if (usage.changes.includes(changeId))
    return { claim: null, release: usage.replaced.find(({ by }) => by === changeId) ?? null };
  if (usage.inUse?.name === name) return { claim: null, release: null };
  return { claim: { name, claimId: changeId }, release: usage.inUse };
};

/** The usage after a change that keeps the name; `name` is it where it was not known before. */
export const keepingName = (usage: Usage, changeId: string, name: string | null): Usage => ({
  ...usage,
  inUse: usage.inUse && { ...usage.inUse, name },
  changes: remembering(usage, changeId),
});

/** The usage after a change to the name `name`. */
export const takingName = (usage: Usage, changeId: string, name: string): Usage => ({
  ...usage,
  inUse: { name, claimId: changeId },
  replaced: usage.inUse ? [...usage.replaced, { ...usage.inUse, by: changeId }] : usage.replaced,
  changes: remembering(usage, changeId),
});

/** The usage after the claim was given up. */
export const abandoning = (usage: Usage, claimId: string): Usage => ({
  ...usage,
  abandoned: [...usage.abandoned, claimId],
});

const remembering = ({ changes }: Usage, changeId: string) =>
  changes.at(-1) === changeId ? changes : [...changes, changeId].slice(-mostChanges);
