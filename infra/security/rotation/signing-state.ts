import { longestTokenSeconds } from '../token-lifetime.js';
import type { DatedKey } from '../signing-keys.js';

type Dated = Pick<DatedKey, 'kid' | 'signsFrom' | 'signsInMs'>;

/** How the keys of access tokens stand. */
export type SigningState<Key extends Dated = Dated> = Readonly<{
  /** All keys, the newest first. */
  listed: readonly Readonly<{ kid: string; state: 'published' | 'signs' | 'verifies'; signsFrom: string }>[];
  /** Those that signed before the one that signs now. */
  retirable: readonly Key[];
  /** When everything that those have signed has expired; `null` where it has. */
  retirableFrom: string | null;
}>;

/** The state of keys that are given newest first. */
export const signingStateOf = <Key extends Dated>(keys: readonly Key[]): SigningState<Key> => {
  const signs = keys.findIndex(({ signsInMs }) => signsInMs <= 0);
  const retirable = signs === -1 ? [] : keys.slice(signs + 1);
  const current = keys[signs];
  const waitsMs = current ? current.signsInMs + longestTokenSeconds * 1_000 : 0;
  const isWaiting = current !== undefined && retirable.length > 0 && waitsMs > 0;
  return {
    listed: keys.map(({ kid, signsFrom }, index) => ({
      kid,
      state: index === signs ? 'signs' : index < signs ? 'published' : 'verifies',
      signsFrom: signsFrom.toISOString(),
    })),
    retirable,
    retirableFrom: isWaiting ? new Date(current.signsFrom.getTime() + longestTokenSeconds * 1_000).toISOString() : null,
  };
};
