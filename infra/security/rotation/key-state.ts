import type { Postgres } from '../../postgres/postgres.js';
import type { Master } from '../wrapping-keys.js';

/** How the keys in the database are wrapped, seen by one master key. Fingerprints say nothing of the keys. */
export type KeyState = Readonly<{
  /** The fingerprint of the master key that asks, and whether it opens the keys. */
  yours: Readonly<{ fingerprint: string; isKnown: boolean }>;
  /** The fingerprint of the master key that the newest wrapping key was made for: the present one. */
  present: string;
  /** The fingerprints of all master keys that open the keys: two from `rotate` to `retire`. */
  masters: readonly string[];
  /** Every version of the wrapping keys, the newest last, with how many keys it wraps. */
  versions: readonly Readonly<{ version: number; madeAt: string; personalKeys: number; platformSecrets: number }>[];
  /** How many people's keys were destroyed. */
  erased: number;
}>;

/** How things stand; the tables must be there. */
export const readKeyState = async (postgres: Pick<Postgres, 'query'>, master: Master): Promise<KeyState> => {
  const { rows: versions } = await postgres.query<{
    version: number;
    made_for: string;
    made_at: Date;
    people: number;
    secrets: number;
  }>(
    `select version, made_for, made_at,
       (select count(*)::integer from personal_keys where wrapping_key = version) as people,
       (select count(*)::integer from platform_secrets where wrapping_key = version) as secrets
     from wrapping_keys order by version`,
  );
  const { rows: masters } = await postgres.query<{ master: string }>(
    'select distinct master from wrapping_key_copies order by master',
  );
  const { rows: erased } = await postgres.query<{ count: number }>(
    'select count(*)::integer as count from personal_keys where erased_at is not null',
  );
  const known = masters.map((row) => row.master);
  return {
    yours: { fingerprint: master.fingerprint, isKnown: known.includes(master.fingerprint) },
    present: versions.at(-1)?.made_for ?? '',
    masters: known,
    versions: versions.map(({ version, made_at, people, secrets }) => ({
      version,
      madeAt: made_at.toISOString(),
      personalKeys: people,
      platformSecrets: secrets,
    })),
    erased: erased[0]?.count ?? 0,
  };
};
