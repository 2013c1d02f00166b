import { randomBytes } from 'node:crypto';
import { ensureSchema, reachingPostgres, type Postgres } from '../postgres/postgres.js';
import { once } from '../process/once.js';
import { deriveKey, unwrap, wrap } from './envelope.js';

/** One key per person, kept in PostgreSQL wrapped by the master key. Without it, what it sealed is gone for good. */
export type PersonalKeys = Readonly<{
  /** The key of a person, made where there is none. @throws DomainError `service.unavailable` without PostgreSQL. */
  keyFor: (subject: string) => Promise<Buffer>;
  /** The key of a person; `null` where there is none. @throws DomainError `service.unavailable` without PostgreSQL. */
  find: (subject: string) => Promise<Buffer | null>;
}>;

/** How many people's keys are kept in memory. */
const mostCached = 10_000;

const schema = `create table if not exists personal_keys (
  subject text primary key,
  wrapped bytea not null,
  created_at timestamptz not null default now()
)`;

export const createPersonalKeys = ({
  postgres,
  masterKey,
}: Readonly<{ postgres: Postgres; masterKey: string }>): PersonalKeys => {
  const wrappingKey = deriveKey(masterKey, 'personal-keys');
  const cache = new Map<string, Buffer>();
  const prepared = once(() => ensureSchema(postgres, schema));

  const find = async (subject: string): Promise<Buffer | null> => {
    const cached = cache.get(subject);
    if (cached) return cached;
    await prepared();
    const { rows } = await postgres.query<{ wrapped: Buffer }>('select wrapped from personal_keys where subject = $1', [
      subject,
    ]);
    if (!rows[0]) return null;
    const key = unwrap(wrappingKey, rows[0].wrapped, subject);
    if (key === null) throw new Error('A personal key does not open: MASTER_KEY is not the one it was wrapped with');
    if (cache.size >= mostCached) cache.clear();
    cache.set(subject, key);
    return key;
  };

  return {
    find: (subject) => reachingPostgres(() => find(subject)),
    keyFor: (subject) =>
      reachingPostgres(async () => {
        const found = await find(subject);
        if (found) return found;
        await postgres.query('insert into personal_keys (subject, wrapped) values ($1, $2) on conflict do nothing', [
          subject,
          wrap(wrappingKey, randomBytes(32), subject),
        ]);
        const made = await find(subject);
        if (!made) throw new Error('A personal key was not kept');
        return made;
      }),
  };
};
