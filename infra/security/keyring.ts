import { randomBytes } from 'node:crypto';
import { DomainError } from '../../domains/shared/errors.js';
import { ensureSchema, reachingPostgres, type Postgres } from '../postgres/postgres.js';
import { deriveKey, unwrap, wrap } from './envelope.js';

/** The platform's own secrets, the same for every process. Each is made once and kept in PostgreSQL, wrapped. */
export type Keyring = Readonly<{
  /** @throws DomainError `service.unavailable` while PostgreSQL is away and the secret was not read before. */
  secret: (name: SecretName, make?: () => Promise<Buffer>) => Promise<Buffer>;
}>;

/** `lookup` keys the HMACs that stand for addresses and request bodies; it is never rotated. `signing` signs tokens. */
export type SecretName = 'lookup' | 'signing';

const schema = `create table if not exists platform_secrets (name text primary key, wrapped bytea not null)`;

export const createKeyring = ({
  postgres,
  masterKey,
}: Readonly<{ postgres: Postgres; masterKey: string }>): Keyring => {
  const wrappingKey = deriveKey(masterKey, 'platform-secrets');
  const known = new Map<SecretName, Buffer>();
  return {
    secret: async (name, make = () => Promise.resolve(randomBytes(32))) => {
      const cached = known.get(name);
      if (cached) return cached;
      const wrapped = await reachingPostgres(() =>
        readOrMake(postgres, name, async () => wrap(wrappingKey, await make())),
      );
      const secret = unwrap(wrappingKey, wrapped);
      if (secret === null)
        throw new DomainError('internal.error', 'MASTER_KEY is not the one that the database was made with');
      known.set(name, secret);
      return secret;
    },
  };
};

/** Whoever comes first makes it; the others take what is there. */
const readOrMake = async (postgres: Postgres, name: SecretName, make: () => Promise<Buffer>): Promise<Buffer> => {
  await ensureSchema(postgres, schema);
  const read = 'select wrapped from platform_secrets where name = $1';
  const { rows: found } = await postgres.query<{ wrapped: Buffer }>(read, [name]);
  if (found[0]) return found[0].wrapped;
  await postgres.query('insert into platform_secrets (name, wrapped) values ($1, $2) on conflict do nothing', [
    name,
    await make(),
  ]);
  const { rows } = await postgres.query<{ wrapped: Buffer }>(read, [name]);
  if (!rows[0]) throw new Error(`The secret ${name} was not kept`);
  return rows[0].wrapped;
};
