import { createHash, randomBytes } from 'node:crypto';
import { v4 as randomId } from 'uuid';
import { DomainError } from '../../domains/shared/errors.js';
import {
  ensureSchema,
  inTransaction,
  reachingPostgres,
  type Postgres,
  type PostgresConnection,
} from '../postgres/postgres.js';
import { once } from '../process/once.js';
import { keepRevoked, prepareRevokedSessions, type RevokedSessions } from './revoked-sessions.js';

/** A token, and the session that it goes on with: access tokens name it. */
export type SessionToken = Readonly<{ refreshToken: string; sessionId: string }>;

/** Which sessions of a person are meant: all but one, or those that began before an instant. */
export type SomeSessions = Readonly<{ except?: string | undefined; begunBefore?: Date }>;

/**
 * Refresh tokens, each good for one use (RFC 9700, 4.14.2): a use gives the next of its session; using one again ends
 * the session, since then two parties hold it. Within ten seconds it is taken for a use whose answer was lost: as long
 * as nobody has used the next token, another takes that one's place, and using the replaced one ends the session.
 * Only SHA-256 hashes are kept. The access tokens of a session that was ended are good no more.
 */
export type RefreshTokens = Readonly<{
  /** Begins a session. */
  issue: (userId: string) => Promise<SessionToken>;
  /** Whose token it is, used or not; `null` where it is not one of ours. */
  ownerOf: (token: string) => Promise<string | null>;
  /** @throws DomainError `auth.invalid_token` for one that is unknown, expired, revoked or used. */
  rotate: (token: string) => Promise<SessionToken & Readonly<{ userId: string }>>;
  /** Ends the token's session, and the one that is named; an unknown token is a success. */
  revoke: (token: string, sessionId?: string) => Promise<void>;
  /** Ends the sessions of a person. */
  revokeAllOf: (userId: string, which?: SomeSessions) => Promise<void>;
}>;

/** Tokens of one sign-in are a family: the session. */
const schema = `
  create table if not exists refresh_tokens (
    hash bytea primary key,
    family uuid not null,
    user_id text not null,
    used boolean not null default false,
    expires_at timestamptz not null
  );
  create index if not exists refresh_tokens_family on refresh_tokens (family);
  create index if not exists refresh_tokens_user on refresh_tokens (user_id);
  alter table refresh_tokens add column if not exists began_at timestamptz not null default now();
  alter table refresh_tokens add column if not exists used_at timestamptz, add column if not exists next bytea`;

type Row = Readonly<{
  family: string;
  user_id: string;
  began_at: Date;
  used: boolean;
  expired: boolean;
  /** Whether the answer to its use may have been lost; `null` where it was never used. */
  repeatable: boolean | null;
}>;

/**
 * `ended` is told of every session that ends here. Every method throws DomainError `service.unavailable` while
 * PostgreSQL is away.
 */
export const createRefreshTokens = (
  postgres: Postgres,
  ended: Pick<RevokedSessions, 'add'> = { add: () => undefined },
): RefreshTokens => {
  const prepared = once(async () => {
    await ensureSchema(postgres, schema);
    await prepareRevokedSessions(postgres);
  });

  const changing = <Result>(work: (connection: PostgresConnection) => Promise<Result>): Promise<Result> =>
    reachingPostgres(async () => {
      await prepared();
      return inTransaction(postgres, work);
    });

  /** Ends the sessions that `work` names, in its transaction: others are told of them, and this process first. */
  const ending = async (work: (connection: PostgresConnection) => Promise<readonly string[]>): Promise<void> => {
    const over = await changing(async (connection) => {
      const families = await work(connection);
      await keepRevoked(connection, families);
      return families;
    });
    over.forEach(ended.add);
  };

  const endFamily = (family: string): Promise<void> =>
    ending(async (connection) => {
      await aloneWith(connection, { family });
      return drop(connection, 'family = $1', [family]);
    });

  const find = (hash: Buffer): Promise<Row | undefined> =>
    reachingPostgres(async () => {
      await prepared();
      const { rows } = await postgres.query<Row>(selectToken, [hash]);
      return rows[0];
    });

  return {
    issue: (userId) =>
      changing(async (connection) => {
        await aloneWith(connection, { userId });
        return keep(connection, { family: randomId(), user_id: userId, began_at: null });
      }),
    ownerOf: async (token) => (await find(hashOf(token)))?.user_id ?? null,
    rotate: async (token) => {
      const hash = hashOf(token);
      const given = await find(hash);
      const outcome = given && (await changing((connection) => use(connection, { hash, userId: given.user_id })));
      if (given && outcome === 'reused') await endFamily(given.family);
      if (!outcome || outcome === 'reused')
        throw new DomainError('auth.invalid_token', 'The refresh token is not valid; sign in again');
      return outcome;
    },
    revoke: async (token, sessionId) => {
      const family = (await find(hashOf(token)))?.family;
      for (const each of new Set([family, sessionId])) if (each !== undefined) await endFamily(each);
    },
    revokeAllOf: (userId, { except = null, begunBefore = null } = {}) =>
      ending(async (connection) => {
        await aloneWith(connection, { userId });
        return drop(
          connection,
          'user_id = $1 and ($2::uuid is null or family <> $2) and ($3::timestamptz is null or began_at < $3)',
          [userId, except, begunBefore],
        );
      }),
  };
};

const selectToken = `
  select family, user_id, began_at, used, expires_at <= now() as expired,
    used_at > now() - interval '10 seconds'
      and exists (select from refresh_tokens next where next.hash = given.next and not next.used) as repeatable
  from refresh_tokens given where hash = $1`;

/** Takes the token's place for the next one; `null` where it is gone or has expired. */
const use = async (
  connection: PostgresConnection,
  { hash, userId }: Readonly<{ hash: Buffer; userId: string }>,
): Promise<(SessionToken & Readonly<{ userId: string }>) | 'reused' | null> => {
  await aloneWith(connection, { userId });
  const { rows } = await connection.query<Row>(selectToken, [hash]);
  const [found] = rows;
  if (found?.used && !found.repeatable) return 'reused';
  if (!found || found.expired) return null;
  const next = await keep(connection, found);
  await connection.query(
    `update refresh_tokens set used = true where hash = (select next from refresh_tokens where hash = $1)`,
    [hash],
  );
  await connection.query(
    `update refresh_tokens set used = true, used_at = coalesce(used_at, now()), next = $2 where hash = $1`,
    [hash, hashOf(next.refreshToken)],
  );
  return { userId, ...next };
};

/** Holds off others that change the sessions of a person: whoever ends them sees the last token that was given. */
const aloneWith = async (
  connection: PostgresConnection,
  { userId = null, family = null }: Readonly<{ userId?: string | null; family?: string | null }>,
): Promise<void> => {
  await connection.query(
    `select pg_advisory_xact_lock(hashtextextended('evermart-sessions ' || user_id, 0)) from (
       select $1::text as user_id where $1 is not null
       union select user_id from refresh_tokens where family = $2) as owner`,
    [userId, family],
  );
};

/** The sessions whose tokens it drops. */
const drop = async (
  connection: PostgresConnection,
  which: string,
  values: readonly unknown[],
): Promise<readonly string[]> => {
  const { rows } = await connection.query<Pick<Row, 'family'>>(
    `delete from refresh_tokens where ${which} returning family`,
    [...values],
  );
  return [...new Set(rows.map(({ family }) => family))];
};

/** With every new one those of the person that have expired go: they are of no use, not even to tell a theft by. */
const keep = async (
  connection: PostgresConnection,
  { family, user_id: userId, began_at: beganAt }: Pick<Row, 'family' | 'user_id'> & Readonly<{ began_at: Date | null }>,
): Promise<SessionToken> => {
  const refreshToken = randomBytes(32).toString('base64url');
  await connection.query('delete from refresh_tokens where user_id = $1 and expires_at <= now()', [userId]);
  await connection.query(
    `insert into refresh_tokens (hash, family, user_id, began_at, expires_at)
     values ($1, $2, $3, coalesce($4, now()), now() + interval '30 days')`,
    [hashOf(refreshToken), family, userId, beganAt],
  );
  return { refreshToken, sessionId: family };
};

const hashOf = (token: string) => createHash('sha256').update(token).digest();
