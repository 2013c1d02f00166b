import { isDomainError } from '../../domains/shared/errors.js';
import { reachingPostgres, type Postgres } from '../postgres/postgres.js';
import { once } from '../process/once.js';
import type { SigningKey } from './signing-key.js';
import { prepareSigningKeys, readSigningKeys, type DatedKey } from './signing-keys.js';
import { createTellByName } from './tell-by-name.js';
import { masterOf } from './wrapping-keys.js';

/** The keys of access tokens as this process knows them. */
export type KnownSigningKeys = Readonly<{
  /** The newest whose time to sign has come. */
  current: () => Promise<SigningKey>;
  /** Every key whose signatures are good, those that will sign among them. */
  all: () => Promise<readonly SigningKey[]>;
  /** The key of that name; `null` where there is none, also by a look that is not long ago. */
  find: (kid: string) => Promise<SigningKey | null>;
  /** Whether the key of that name is known to be there. */
  has: (kid: string) => boolean;
  /** Calls `end` when the key of that name is known to be there no more; gives what stops that. */
  onDrop: (kid: string, end: () => void) => () => void;
  /** Reads the keys anew. @throws DomainError what `read` throws. */
  reread: () => Promise<void>;
}>;

/** Keys are read again after so long, so that a new one is known in time wherever nobody hears of it. */
const freshForMs = 60_000;

/** Names that nobody knows are looked for only so often, however many strangers make up. */
const lookAgainAfterMs = 10_000;

type Known = Readonly<{ keys: readonly (SigningKey & Readonly<{ signsAtMs: number }>)[] }>;

/** The keys that lie in PostgreSQL; DomainError `service.unavailable` while it is away and they were not read before. */
export const createSigningKeys = ({
  postgres,
  masterKey,
}: Readonly<{ postgres: Postgres; masterKey: string }>): KnownSigningKeys => {
  const master = masterOf(masterKey);
  const prepared = once(() => prepareSigningKeys(postgres, master));
  return createKnownSigningKeys(() =>
    reachingPostgres(async () => {
      await prepared();
      return readSigningKeys(postgres, master);
    }),
  );
};

/**
 * Knows what `read` gives, the newest first; `now` is in milliseconds and for tests. While keys cannot be read again,
 * those that are known go on; every method throws what `read` throws where none are.
 */
export const createKnownSigningKeys = (
  read: () => Promise<readonly DatedKey[]>,
  now: () => number = () => performance.now(),
): KnownSigningKeys => {
  let known: Known | undefined;
  let byKid: ReadonlyMap<string, SigningKey> = new Map();
  const drops = createTellByName();
  let lookedAt = -Infinity;
  let looks = 0;
  let seen = 0;
  let looking: Promise<Known> | undefined;

  const look = (): Promise<Known> => {
    lookedAt = now();
    looks += 1;
    const turn = looks;
    const begun = read().then((keys) => {
      const found = { keys: keys.map((key) => ({ ...key, signsAtMs: now() + key.signsInMs })) };
      // A look that began later may have come back already.
      if (known && turn < seen) return known;
      seen = turn;
      known = found;
      byKid = new Map(found.keys.map((key) => [key.kid, key]));
      for (const kid of drops.names()) if (!byKid.has(kid)) drops.tell(kid);
      return known;
    });
    const last = begun.finally(() => {
      if (looking === last) looking = undefined;
    });
    looking = last;
    return last;
  };

  /** What is known, read again where the last look is so long ago. */
  const lookedWithin = async (ms: number): Promise<Known> => {
    if (known && now() - lookedAt < ms) return known;
    const looked = looking ?? look();
    return known ? looked.catch(keep(known)) : looked;
  };

  return {
    current: async () => {
      const { keys } = await lookedWithin(freshForMs);
      const [newest] = keys.filter(({ signsAtMs }) => signsAtMs <= now());
      if (!newest) throw new Error('No key signs yet');
      return newest;
    },
    all: async () => (await lookedWithin(freshForMs)).keys,
    find: async (kid) => {
      if (!byKid.has(kid)) await lookedWithin(looking ? 0 : lookAgainAfterMs);
      return byKid.get(kid) ?? null;
    },
    has: (kid) => byKid.has(kid),
    onDrop: drops.on,
    reread: async () => {
      await look();
    },
  };
};

const keep =
  (known: Known) =>
  (error: unknown): Known => {
    if (isDomainError(error) && error.code === 'service.unavailable') return known;
    throw error;
  };
