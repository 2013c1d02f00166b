import { createHash, randomBytes } from 'node:crypto';
import { v4 as randomId } from 'uuid';
import { DomainError } from '../../domains/shared/errors.js';
import { ensureSchema, inTransaction, reachingPostgres, type Postgres } from '../postgres/postgres.js';
import { once } from '../process/once.js';

/**
 * Refresh tokens, each good for one use (RFC 9700, 4.14.2): a use gives the next of its family; using one again ends
 * the family, since then two parties hold it. Only SHA-256 hashes are kept.
 */
export type RefreshTokens = Readonly<{
  issue: (userId: string) => Promise<string>;
  /** Whose token it is, used or not; `null` where it is not one of ours. */
  ownerOf: (token: string) => Promise<string | null>;
  /** @throws DomainError `auth.invalid_token` for one that is unknown, expired, revoked or used. */
  rotate: (token: string) => Promise<Readonly<{ userId: string; refreshToken: string }>>;
  /** Ends the token's family; an unknown token is a success. */
  revoke: (token: string) => Promise<void>;
  /** Ends all families of a person. */
  revokeAllOf: (userId: string) => Promise<void>;
}>;

const schema = `
  create table if not exists refresh_tokens (
    hash bytea primary key,
    family uuid not null,
    user_id text not null,
    used boolean not null default false,
    expires_at timestamptz not null
  );
  create index if not exists refresh_tokens_family on refresh_tokens (family);
  create index if not exists refresh_tokens_user on refresh_tokens (user_id)`;

type Row = Readonly<{ family: string; user_id: string; used: boolean; expired: boolean }>;

/** Every method throws DomainError `service.unavailable` while PostgreSQL is away. */
export const createRefreshTokens = (postgres: Postgres): RefreshTokens => {
  const prepared = once(() => ensureSchema(postgres, schema));
  return {
    issue: (userId) =>
      reachingPostgres(async () => {
        await prepared();
        return keep(postgres, userId, randomId());
      }),
    ownerOf: (token) =>
      reachingPostgres(async () => {
        await prepared();
        const { rows } = await postgres.query<Pick<Row, 'user_id'>>(
          'select user_id from refresh_tokens where hash = $1',
          [hashOf(token)],
        );
        return rows[0]?.user_id ?? null;
      }),
    rotate: async (token) => {
      const next = await reachingPostgres(async () => {
        await prepared();
        return inTransaction(postgres, async (connection) => {
          const { rows } = await connection.query<Row>(
            `select family, user_id, used, expires_at <= now() as expired from refresh_tokens where hash = $1 for update`,
            [hashOf(token)],
          );
          const [found] = rows;
          if (found?.used) await connection.query('delete from refresh_tokens where family = $1', [found.family]);
          if (!found || found.used || found.expired) return null;
          await connection.query('update refresh_tokens set used = true where hash = $1', [hashOf(token)]);
          return { userId: found.user_id, refreshToken: await keep(connection, found.user_id, found.family) };
        });
      });
      if (!next) throw new DomainError('auth.invalid_token', 'The refresh token is not valid; sign in again');
      return next;
    },
    revoke: (token) =>
      reachingPostgres(async () => {
        await prepared();
        await postgres.query(
          'delete from refresh_tokens where family = (select family from refresh_tokens where hash = $1)',
          [hashOf(token)],
        );
      }),
    revokeAllOf: (userId) =>
      reachingPostgres(async () => {
        await prepared();
        await postgres.query('delete from refresh_tokens where user_id = $1', [userId]);
      }),
  };
};

/** With every new one those of the person that have expired go: they are of no use, not even to tell a theft by. */
const keep = async (target: Pick<Postgres, 'query'>, userId: string, family: string): Promise<string> => {
  const token = randomBytes(32).toString('base64url');
  await target.query('delete from refresh_tokens where user_id = $1 and expires_at <= now()', [userId]);
  await target.query(
    `insert into refresh_tokens (hash, family, user_id, expires_at) values ($1, $2, $3, now() + interval '30 days')`,
    [hashOf(token), family, userId],
  );
  return token;
};

const hashOf = (token: string) => createHash('sha256').update(token).digest();
