import { randomBytes } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { DomainError } from '../../domains/shared/errors.js';
import { reachingPostgres, type Postgres } from '../postgres/postgres.js';
import { once } from '../process/once.js';
import { unwrap, wrap } from './envelope.js';
import { masterOf, newestWrappingKey, openCopy, prepareWrappingKeys } from './wrapping-keys.js';

/**
 * One key per person, kept in PostgreSQL, wrapped. Without it, what it sealed is gone for good. All but `forget` throw
 * DomainError `service.unavailable` without PostgreSQL, and `internal.error` where the master key is another.
 */
export type PersonalKeys = Readonly<{
  /** The key of a person, made where there was never one; `null` once the person is erased. */
  keyFor: (subject: string) => Promise<Buffer | null>;
  /** The key of a person; `null` where there is none. */
  find: (subject: string) => Promise<Buffer | null>;
}>;

/** The same, for those who also take keys away. */
export type ErasablePersonalKeys = PersonalKeys &
  Readonly<{
    /** Destroys the key of a person, for good: none is made again. Once more is a success. */
    erase: (subject: string) => Promise<void>;
    /** Drops a key from this process's memory, or all of them. */
    forget: (subject?: string) => void;
  }>;

/** The channel on which PostgreSQL tells every process whose key was destroyed. */
export const erasureChannel = 'personal_key_erased';

/** How many people's keys are kept in memory. */
const mostCached = 10_000;

/**
 * `rememberMs` bounds how long a process that does not hear of an erasure keeps the key; those that follow the channel
 * (`followErasures`) forget it at once.
 */
export const createPersonalKeys = ({
  postgres,
  masterKey,
  rememberMs = 30_000,
}: Readonly<{ postgres: Postgres; masterKey: string; rememberMs?: number }>): ErasablePersonalKeys => {
  const master = masterOf(masterKey);
  const cache = new LRUCache<string, Buffer>({ max: mostCached, ttl: rememberMs });
  const prepared = once(() => prepareWrappingKeys(postgres, master));
  let forgotten = 0;

  const forget = (subject?: string) => {
    forgotten += 1;
    if (subject === undefined) cache.clear();
    else cache.delete(subject);
  };

  const read = async (subject: string): Promise<'none' | 'erased' | Buffer> => {
    const { rows } = await postgres.query<Row>(
      `select p.wrapped, p.wrapping_key as version, c.wrapped as copy from personal_keys p
       left join wrapping_key_copies c on c.version = p.wrapping_key and c.master = $2 where p.subject = $1`,
      [subject, master.fingerprint],
    );
    const [row] = rows;
    if (!row) return 'none';
    if (row.wrapped === null) return 'erased';
    const key = unwrap(openCopy(master, row.version, row.copy).keyFor('personal-keys'), row.wrapped, subject);
    if (key === null) throw new DomainError('internal.error', 'A personal key was changed by another hand');
    return key;
  };

  const make = async (subject: string): Promise<'none' | 'erased' | Buffer> => {
    const { version, keyFor } = await newestWrappingKey(postgres, master);
    // The version may be retired just now: nothing is inserted then, and the caller tries the next one.
    await postgres.query(
      `insert into personal_keys (subject, wrapped, wrapping_key)
       select $1, $2, version from wrapping_keys where version = $3 for key share on conflict do nothing`,
      [subject, wrap(keyFor('personal-keys'), randomBytes(32), subject), version],
    );
    return read(subject);
  };

  const remembering = async (subject: string, look: () => Promise<'none' | 'erased' | Buffer>) => {
    const cached = cache.get(subject);
    if (cached) return cached;
    await prepared();
    const before = forgotten;
    const found = await look();
    // An erasure that came meanwhile may be of this key.
    if (Buffer.isBuffer(found) && forgotten === before) cache.set(subject, found);
    return Buffer.isBuffer(found) ? found : null;
  };

  const readOrMake = async (subject: string) => {
    let found = await read(subject);
    while (found === 'none') found = await make(subject);
    return found;
  };

  return {
    find: (subject) => reachingPostgres(() => remembering(subject, () => read(subject))),
    keyFor: (subject) => reachingPostgres(() => remembering(subject, () => readOrMake(subject))),
    erase: (subject) =>
      reachingPostgres(async () => {
        await prepared();
        await postgres.query(
          `with erased as (
             insert into personal_keys as kept (subject, wrapping_key, erased_at) values ($1, null, now())
             on conflict (subject) do update
             set wrapped = null, wrapping_key = null, erased_at = coalesce(kept.erased_at, now())
             returning subject
           ) select pg_notify($2, subject) from erased`,
          [subject, erasureChannel],
        );
        forget(subject);
      }),
    forget,
  };
};

type Row = Readonly<{ wrapped: Buffer | null; version: number; copy: Buffer | null }>;
