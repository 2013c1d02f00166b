import { ensureSchema, reachingPostgres, type Postgres } from '../postgres/postgres.js';
import { once } from '../process/once.js';
import { hash, verify } from './password-hashing.js';

/** What people sign in with: primary data, not a view, since a password must be in no event. */
export type Credentials = Readonly<{
  /** Whether the person had none before: those that are there stay as they are. */
  keep: (entry: Readonly<{ userId: string; emailHash: string; password: string }>) => Promise<boolean>;
  /** Takes note that the person is registered. */
  confirm: (userId: string) => Promise<void>;
  /** The ids of people who have been kept for so many seconds without having been confirmed; some, where many are. */
  unconfirmedFor: (seconds: number) => Promise<readonly string[]>;
  /**
   * The ids of whoever has this address and password; none for anybody else, after the same work. There can be several:
   * of tries to register that were cut short, only one came to hold the address.
   */
  verify: (entry: Readonly<{ emailHash: string; password: string }>) => Promise<readonly string[]>;
  /** Lets the person sign in with another address, and with the earlier one no more; a success where nobody is kept. */
  move: (entry: Readonly<{ userId: string; emailHash: string }>) => Promise<void>;
  /** The HMAC of the address that the person signs in with; `null` where nobody is kept. */
  emailHashOf: (userId: string) => Promise<string | null>;
  drop: (userId: string) => Promise<void>;
}>;

// OWASP Password Storage Cheat Sheet: argon2id with 19 MiB, 2 passes, 1 lane.
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** An address may have several rows while two people register it; only one of them gets the claim. */
const schema = `
  create table if not exists credentials (
    user_id text primary key,
    email_hash text not null,
    password_hash text not null
  );
  create index if not exists credentials_email_hash on credentials (email_hash);
  alter table credentials add column if not exists unconfirmed_since timestamptz default now();
  create index if not exists credentials_unconfirmed on credentials (unconfirmed_since)
    where unconfirmed_since is not null`;

/** So many are looked at together. */
const mostUnconfirmed = 1_000;

type Row = Readonly<{ user_id: string; password_hash: string }>;

/** Whether a hash (PHC string format) was made by the parameters of today. */
const costsAsNow = (passwordHash: string): boolean =>
  passwordHash.startsWith(`$argon2id$v=19$m=${cost.memoryCost},t=${cost.timeCost},p=${cost.parallelism}$`);

/** Every method throws DomainError `service.unavailable` while PostgreSQL is away. */
export const createCredentials = (postgres: Postgres): Credentials => {
  const nobodysHash = hash('nobody has this password', cost);
  const prepared = once(() => ensureSchema(postgres, schema));
  /** Only while the password is known can it be hashed anew. */
  const rehash = async ({ user_id: userId, password_hash: before }: Row, password: string) => {
    await postgres.query('update credentials set password_hash = $3 where user_id = $1 and password_hash = $2', [
      userId,
      before,
      await hash(password, cost),
    ]);
  };
  return {
    keep: ({ userId, emailHash, password }) =>
      reachingPostgres(async () => {
        await prepared();
        const { rowCount } = await postgres.query(
          'insert into credentials (user_id, email_hash, password_hash) values ($1, $2, $3) on conflict do nothing',
          [userId, emailHash, await hash(password, cost)],
        );
        return rowCount === 1;
      }),
    confirm: (userId) =>
      reachingPostgres(async () => {
        await prepared();
        await postgres.query('update credentials set unconfirmed_since = null where user_id = $1', [userId]);
      }),
    unconfirmedFor: (seconds) =>
      reachingPostgres(async () => {
        await prepared();
        const { rows } = await postgres.query<Pick<Row, 'user_id'>>(
          `select user_id from credentials where unconfirmed_since <= now() - $1 * interval '1 second'
           order by unconfirmed_since limit $2`,
          [seconds, mostUnconfirmed],
        );
        return rows.map(({ user_id: userId }) => userId);
      }),
    verify: ({ emailHash, password }) =>
      reachingPostgres(async () => {
        await prepared();
        const { rows } = await postgres.query<Row>(
          'select user_id, password_hash from credentials where email_hash = $1 order by user_id',
          [emailHash],
        );
        if (rows.length === 0) await verify(await nobodysHash, password);
        const matches: string[] = [];
        for (const row of rows) {
          if (!(await verify(row.password_hash, password))) continue;
          matches.push(row.user_id);
          if (!costsAsNow(row.password_hash)) await rehash(row, password);
        }
        return matches;
      }),
    move: ({ userId, emailHash }) =>
      reachingPostgres(async () => {
        await prepared();
        await postgres.query('update credentials set email_hash = $2 where user_id = $1', [userId, emailHash]);
      }),
    emailHashOf: (userId) =>
      reachingPostgres(async () => {
        await prepared();
        const { rows } = await postgres.query<{ email_hash: string }>(
          'select email_hash from credentials where user_id = $1',
          [userId],
        );
        return rows[0]?.email_hash ?? null;
      }),
    drop: (userId) =>
      reachingPostgres(async () => {
        await prepared();
        await postgres.query('delete from credentials where user_id = $1', [userId]);
      }),
  };
};
