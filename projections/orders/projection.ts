import { createHash } from 'node:crypto';
import { DomainError } from '../../domains/shared/errors.js';
import { ensureSchema, inTransaction, type Postgres, type PostgresConnection } from '../postgres/postgres.js';
import { deriveKey, unwrap, wrap } from './envelope.js';

/**
 * The master key wraps the wrapping keys, these wrap the platform's secrets and people's keys. Every version of them is
 * kept in one copy per master key, so that while the master key is changed the old one and the new one both work.
 */
export type Master = Readonly<{ fingerprint: string; key: Buffer; ofVersion0: Buffer }>;

/** What a wrapping key is for. */
export type Purpose = 'personal-keys' | 'platform-secrets';

/** One version of the wrapping keys. */
export type WrappingKey = Readonly<{ version: number; keyFor: (purpose: Purpose) => Buffer }>;

/**
 * A row's `wrapping_key` always names a version that is there: the foreign keys see to it, whoever writes when.
 * `made_for` is the fingerprint of the master key that a version was made for, the newest one's being the present key.
 */
const schema = `
  create table if not exists wrapping_keys (
    version integer primary key,
    made_for text,
    made_at timestamptz not null default now()
  );
  insert into wrapping_keys (version) select 0 where not exists (select from wrapping_keys);
  create table if not exists wrapping_key_copies (
    version integer not null references wrapping_keys on delete cascade,
    master text not null,
    wrapped bytea not null,
    primary key (version, master)
  );
  create table if not exists platform_secrets (name text primary key, wrapped bytea not null);
  create table if not exists personal_keys (
    subject text primary key,
    wrapped bytea,
    created_at timestamptz not null default now()
  );
  do $$ begin
    if not exists (
      select from pg_attribute where attrelid = 'personal_keys'::regclass and attname = 'wrapping_key'
    ) then
      alter table platform_secrets add column wrapping_key integer not null default 0 references wrapping_keys;
      alter table personal_keys
        alter column wrapped drop not null,
        add column wrapping_key integer default 0 references wrapping_keys,
        add column erased_at timestamptz;
    end if;
  end $$`;

/** The master key of 64 hexadecimal digits, as it is used. Its fingerprint says nothing of it. */
export const masterOf = (masterKey: string): Master => ({
  fingerprint: createHash('sha256').update(deriveKey(masterKey, 'fingerprint')).digest('hex').slice(0, 16),
  key: deriveKey(masterKey, 'wrapping-keys'),
  // Before there were versions, the master key wrapped everything itself, by these.
  ofVersion0: Buffer.concat([deriveKey(masterKey, 'personal-keys'), deriveKey(masterKey, 'platform-secrets')]),
});

/** The refusal of a master key that the keys in the database are not wrapped with. */
export const wrongMasterKey = (): DomainError =>
  new DomainError('internal.error', 'MASTER_KEY is not the one that the keys in the database are wrapped with');

/**
 * Makes the tables of keys, and the first version of the wrapping keys.
 *
 * @throws DomainError `internal.error` where the keys in the database are wrapped with another master key.
 */
export const prepareWrappingKeys = async (postgres: Postgres, master: Master): Promise<void> => {
  await ensureSchema(postgres, schema);
  await inTransaction(postgres, async (connection) => {
    await alone(connection);
    const { rows: copies } = await connection.query('select from wrapping_key_copies limit 1');
    if (copies.length > 0) return;
    const version0 = wrappingKeyOf(0, master.ofVersion0);
    if (!(await opensWhatIsThere(connection, version0))) throw wrongMasterKey();
    await connection.query('update wrapping_keys set made_for = $1', [master.fingerprint]);
    await keepCopy(connection, master, { version: 0, material: master.ofVersion0 });
  });
};

/** Holds off others that change the wrapping keys, until the transaction ends. */
export const alone = async (connection: PostgresConnection): Promise<void> => {
  await connection.query(`select pg_advisory_xact_lock(hashtext('evermart-wrapping-keys'))`);
};

/**
 * The version that new keys are wrapped with.
 *
 * @throws DomainError `internal.error` where the master key is another.
 */
export const newestWrappingKey = async (target: Pick<Postgres, 'query'>, master: Master): Promise<WrappingKey> => {
  const { rows } = await target.query<{ version: number; copy: Buffer }>(
    'select version, wrapped as copy from wrapping_key_copies where master = $1 order by version desc limit 1',
    [master.fingerprint],
  );
  if (!rows[0]) throw wrongMasterKey();
  return openCopy(master, rows[0].version, rows[0].copy);
};

/**
 * A version of the wrapping keys from its copy for this master key; `null` stands for a copy that is not there.
 *
 * @throws DomainError `internal.error` where the master key is another.
 */
export const openCopy = (master: Master, version: number, copy: Buffer | null): WrappingKey =>
  wrappingKeyOf(version, materialOf(master, version, copy));

/** As `openCopy`, the bytes of both keys. */
export const materialOf = (master: Master, version: number, copy: Buffer | null): Buffer => {
  const material = copy && unwrap(master.key, copy, `wrapping-key/${version}`);
  if (!material) throw wrongMasterKey();
  return material;
};

/** Keeps a version for a master key; one that is kept already stays. */
export const keepCopy = async (
  connection: PostgresConnection,
  master: Master,
  { version, material }: Readonly<{ version: number; material: Buffer }>,
): Promise<void> => {
  await connection.query(
    'insert into wrapping_key_copies (version, master, wrapped) values ($1, $2, $3) on conflict do nothing',
    [version, master.fingerprint, wrap(master.key, material, `wrapping-key/${version}`)],
  );
};

const wrappingKeyOf = (version: number, material: Buffer): WrappingKey => ({
  version,
  keyFor: (purpose) => (purpose === 'personal-keys' ? material.subarray(0, 32) : material.subarray(32)),
});

/** Whether the keys that were there before there were versions are wrapped with this master key; so where none are. */
const opensWhatIsThere = async (connection: PostgresConnection, { keyFor }: WrappingKey): Promise<boolean> => {
  const { rows: secrets } = await connection.query<{ wrapped: Buffer }>('select wrapped from platform_secrets limit 1');
  const { rows: people } = await connection.query<{ subject: string; wrapped: Buffer }>(
    'select subject, wrapped from personal_keys where wrapped is not null limit 1',
  );
  return (
    secrets.every(({ wrapped }) => unwrap(keyFor('platform-secrets'), wrapped) !== null) &&
    people.every(({ subject, wrapped }) => unwrap(keyFor('personal-keys'), wrapped, subject) !== null)
  );
};
