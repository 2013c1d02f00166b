import { inTransaction, ensureSchema, type Postgres, type PostgresConnection } from '../postgres/postgres.js';
import { keepSecret, readSecrets } from './platform-secrets.js';
import { newSigningKey, signingKeyOf, type SigningKey } from './signing-key.js';
import { prepareWrappingKeys, type Master } from './wrapping-keys.js';

/** A key that signs access tokens from an instant on; `signsInMs` is how far off that is by PostgreSQL's clock. */
export type DatedKey = SigningKey & Readonly<{ name: string; signsFrom: Date; signsInMs: number }>;

/** The channel on which PostgreSQL tells every process what has changed: `signingKeysChanged`, or a session's id. */
export const identityChannel = 'identity_changed';

/** What is told when a signing key came or went. */
export const signingKeysChanged = 'signing-keys';

/** The name of the first key, which whichever process comes first makes. */
const firstName = 'signing';

/** Keys without an instant have always signed. */
const schema = 'alter table platform_secrets add column if not exists signs_from timestamptz';

/** Makes the tables of keys. */
export const prepareSigningKeys = async (postgres: Postgres, master: Master): Promise<void> => {
  await prepareWrappingKeys(postgres, master);
  await ensureSchema(postgres, schema);
};

/**
 * The keys that sign access tokens, did so, or will, the newest first; the first is made where there is none.
 *
 * @throws DomainError `internal.error` where the master key is another.
 */
export const readSigningKeys = async (
  target: Pick<Postgres, 'query'>,
  master: Master,
): Promise<readonly [DatedKey, ...DatedKey[]]> => {
  const [newest, ...older] = await readKept(target, master);
  if (newest) return [newest, ...older];
  await keepSecret(target, master, { name: firstName, secret: newSigningKey() });
  return readSigningKeys(target, master);
};

/**
 * Publishes a new key, which signs after so many seconds; none where one waits for its time already.
 *
 * @throws DomainError `internal.error` where the master key is another.
 */
export const publishSigningKey = (postgres: Postgres, master: Master, afterSeconds: number): Promise<DatedKey> =>
  inTransaction(postgres, async (connection) => {
    await alone(connection);
    const [newest] = await readSigningKeys(connection, master);
    if (newest.signsInMs > 0) return newest;
    await signAfter(connection, await keepNewKey(connection, master), afterSeconds);
    await tell(connection);
    const [published] = await readSigningKeys(connection, master);
    return published;
  });

/**
 * Drops one key whatever it may have signed, and gives the key that signs from now on; null where no key is called so.
 * Where it was the one that signs, the one that waits for its time signs at once, or else a new one.
 *
 * @throws DomainError `internal.error` where the master key is another.
 */
export const dropLeakedKey = (postgres: Postgres, master: Master, kid: string): Promise<DatedKey | null> =>
  inTransaction(postgres, async (connection) => {
    await alone(connection);
    const keys = await readSigningKeys(connection, master);
    const leaked = keys.find((key) => key.kid === kid);
    if (!leaked) return null;
    const current = keys.find(({ signsInMs }) => signsInMs <= 0);
    if (current === leaked) {
      const next = keys.find(({ signsInMs }) => signsInMs > 0);
      await signAfter(connection, next?.name ?? (await keepNewKey(connection, master)), 0);
    }
    await connection.query('delete from platform_secrets where name = $1', [leaked.name]);
    await tell(connection);
    const left = await readSigningKeys(connection, master);
    return left.find(({ signsInMs }) => signsInMs <= 0) ?? null;
  });

/** Drops keys: nothing they signed is good any more. */
export const dropSigningKeys = (postgres: Postgres, names: readonly string[]): Promise<void> =>
  inTransaction(postgres, async (connection) => {
    await connection.query('delete from platform_secrets where name = any($1)', [names]);
    await tell(connection);
  });

type Row = Readonly<{ name: string; signs_from: Date; signs_in_ms: number }>;

const readKept = async (target: Pick<Postgres, 'query'>, master: Master): Promise<readonly DatedKey[]> => {
  const { rows } = await target.query<Row>(
    `select name, coalesce(signs_from, 'epoch') as signs_from,
       (extract(epoch from coalesce(signs_from, 'epoch') - now()) * 1000)::double precision as signs_in_ms
     from platform_secrets where name = $1 or name like $1 || '/%' order by 2 desc, name`,
    [firstName],
  );
  const names = rows.map(({ name }) => name);
  const secrets = await readSecrets(target, master, names);
  return rows.flatMap(({ name, signs_from: signsFrom, signs_in_ms: signsInMs }) => {
    const secret = secrets.get(name);
    // One that was dropped between the two reads.
    return secret ? [{ ...signingKeyOf(secret), name, signsFrom, signsInMs }] : [];
  });
};

/** Holds off others that publish a key, until the transaction ends. */
const alone = async (connection: PostgresConnection): Promise<void> => {
  await connection.query(`select pg_advisory_xact_lock(hashtext('evermart-signing-keys'))`);
};

/** Keeps a new key under the name that it gives. */
const keepNewKey = async (connection: PostgresConnection, master: Master): Promise<string> => {
  const secret = newSigningKey();
  const name = `${firstName}/${signingKeyOf(secret).kid}`;
  await keepSecret(connection, master, { name, secret });
  return name;
};

const signAfter = async (connection: PostgresConnection, name: string, seconds: number): Promise<void> => {
  await connection.query(`update platform_secrets set signs_from = now() + $2 * interval '1 second' where name = $1`, [
    name,
    seconds,
  ]);
};

const tell = async (connection: PostgresConnection): Promise<void> => {
  await connection.query('select pg_notify($1, $2)', [identityChannel, signingKeysChanged]);
};
