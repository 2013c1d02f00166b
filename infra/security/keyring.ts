import { randomBytes } from 'node:crypto';
import { DomainError } from '../../domains/shared/errors.js';
import { reachingPostgres, type Postgres } from '../postgres/postgres.js';
import { once } from '../process/once.js';
import { unwrap, wrap } from './envelope.js';
import { newestWrappingKey, openCopy, prepareWrappingKeys, masterOf, type Master } from './wrapping-keys.js';

/** The platform's own secrets, the same for every process. Each is made once and kept in PostgreSQL, wrapped. */
export type Keyring = Readonly<{
  /**
   * @throws DomainError `service.unavailable` while PostgreSQL is away and the secret was not read before;
   * `internal.error` where the master key is not the one that the secret is wrapped with.
   */
  secret: (name: SecretName, make?: () => Promise<Buffer>) => Promise<Buffer>;
}>;

/**
 * `lookup` keys the HMACs that stand for addresses and request bodies; it is never rotated. `signing` signs the tokens
 * of people, `service-signing` those of services.
 */
export type SecretName = 'lookup' | 'signing' | 'service-signing';

export const createKeyring = ({
  postgres,
  masterKey,
}: Readonly<{ postgres: Postgres; masterKey: string }>): Keyring => {
  const master = masterOf(masterKey);
  const known = new Map<SecretName, Buffer>();
  const prepared = once(() => prepareWrappingKeys(postgres, master));
  return {
    secret: async (name, make = () => Promise.resolve(randomBytes(32))) => {
      const cached = known.get(name);
      if (cached) return cached;
      const secret = await reachingPostgres(async () => {
        await prepared();
        return (await read(postgres, master, name)) ?? (await makeAndRead(postgres, master, { name, make }));
      });
      known.set(name, secret);
      return secret;
    },
  };
};

type Row = Readonly<{ wrapped: Buffer; version: number; copy: Buffer | null }>;

const read = async (postgres: Postgres, master: Master, name: SecretName): Promise<Buffer | null> => {
  const { rows } = await postgres.query<Row>(
    `select s.wrapped, s.wrapping_key as version, c.wrapped as copy from platform_secrets s
     left join wrapping_key_copies c on c.version = s.wrapping_key and c.master = $2 where s.name = $1`,
    [name, master.fingerprint],
  );
  const [row] = rows;
  if (!row) return null;
  const secret = unwrap(openCopy(master, row.version, row.copy).keyFor('platform-secrets'), row.wrapped);
  if (secret === null) throw new DomainError('internal.error', `The secret ${name} was changed by another hand`);
  return secret;
};

/** Whoever comes first makes it; the others take what is there. */
const makeAndRead = async (
  postgres: Postgres,
  master: Master,
  { name, make }: Readonly<{ name: SecretName; make: () => Promise<Buffer> }>,
): Promise<Buffer> => {
  const { version, keyFor } = await newestWrappingKey(postgres, master);
  await postgres.query(
    'insert into platform_secrets (name, wrapped, wrapping_key) values ($1, $2, $3) on conflict do nothing',
    [name, wrap(keyFor('platform-secrets'), await make()), version],
  );
  const secret = await read(postgres, master, name);
  if (!secret) throw new Error(`The secret ${name} was not kept`);
  return secret;
};
