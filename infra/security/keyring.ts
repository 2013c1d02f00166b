import { randomBytes } from 'node:crypto';
import { reachingPostgres, type Postgres } from '../postgres/postgres.js';
import { once } from '../process/once.js';
import { keepSecret, readSecrets } from './platform-secrets.js';
import { prepareWrappingKeys, masterOf, type Master } from './wrapping-keys.js';

/** The platform's own secrets, the same for every process. Each is made once and kept in PostgreSQL, wrapped. */
export type Keyring = Readonly<{
  /**
   * @throws DomainError `service.unavailable` while PostgreSQL is away and the secret was not read before;
   * `internal.error` where the master key is not the one that the secret is wrapped with.
   */
  secret: (name: SecretName, make?: () => Promise<Buffer>) => Promise<Buffer>;
}>;

/**
 * `lookup` keys the HMACs that stand for addresses and request bodies; it is never rotated.
 * `service-signing` signs the tokens of services.
 */
export type SecretName = 'lookup' | 'service-signing';

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

/** Whoever comes first makes it; the others take what is there. */
const makeAndRead = async (
  postgres: Postgres,
  master: Master,
  { name, make }: Readonly<{ name: SecretName; make: () => Promise<Buffer> }>,
): Promise<Buffer> => {
  await keepSecret(postgres, master, { name, secret: await make() });
  const secret = await read(postgres, master, name);
  if (!secret) throw new Error(`The secret ${name} was not kept`);
  return secret;
};

const read = async (postgres: Postgres, master: Master, name: SecretName): Promise<Buffer | undefined> =>
  (await readSecrets(postgres, master, [name])).get(name);
