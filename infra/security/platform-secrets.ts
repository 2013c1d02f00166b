import { DomainError } from '../../domains/shared/errors.js';
import type { Postgres } from '../postgres/postgres.js';
import { unwrap, wrap } from './envelope.js';
import { newestWrappingKey, openCopy, type Master } from './wrapping-keys.js';

type Target = Pick<Postgres, 'query'>;

/**
 * The platform's secrets whose names are among `names`.
 *
 * @throws DomainError `internal.error` where the master key is another, or a secret was changed.
 */
export const readSecrets = async (
  target: Target,
  master: Master,
  names: readonly string[],
): Promise<ReadonlyMap<string, Buffer>> => {
  const { rows } = await target.query<Row>(
    `select s.name, s.wrapped, s.wrapping_key as version, c.wrapped as copy from platform_secrets s
     left join wrapping_key_copies c on c.version = s.wrapping_key and c.master = $2 where s.name = any($1)`,
    [names, master.fingerprint],
  );
  return new Map(rows.map((row) => [row.name, opened(master, row)]));
};

/**
 * Keeps a secret where there is none of its name.
 *
 * @throws DomainError `internal.error` where the master key is another.
 */
export const keepSecret = async (
  target: Target,
  master: Master,
  { name, secret }: Readonly<{ name: string; secret: Buffer }>,
): Promise<void> => {
  const { version, keyFor } = await newestWrappingKey(target, master);
  await target.query(
    'insert into platform_secrets (name, wrapped, wrapping_key) values ($1, $2, $3) on conflict do nothing',
    [name, wrap(keyFor('platform-secrets'), secret), version],
  );
};

type Row = Readonly<{ name: string; wrapped: Buffer; version: number; copy: Buffer | null }>;

const opened = (master: Master, { name, wrapped, version, copy }: Row): Buffer => {
  const secret = unwrap(openCopy(master, version, copy).keyFor('platform-secrets'), wrapped);
  if (secret === null) throw new DomainError('internal.error', `The secret ${name} was changed by another hand`);
  return secret;
};
