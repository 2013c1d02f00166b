import { inTransaction, type Postgres, type PostgresConnection } from '../../postgres/postgres.js';
import { unwrap, wrap } from '../envelope.js';
import { newestWrappingKey, openCopy, type Master, type Purpose, type WrappingKey } from '../wrapping-keys.js';

/** Told after every batch: how many keys were wrapped anew since the beginning, and how many there were to wrap. */
export type Progress = (done: number, total: number) => void;

type Wrapped = Readonly<{ table: string; id: string; purpose: Purpose; contextOf: (id: string) => string }>;

const tables: readonly Wrapped[] = [
  { table: 'platform_secrets', id: 'name', purpose: 'platform-secrets', contextOf: () => '' },
  { table: 'personal_keys', id: 'subject', purpose: 'personal-keys', contextOf: (subject) => subject },
];

/**
 * Wraps every key that an older version wraps by the newest one, batch by batch: whoever reads meanwhile meets a key
 * wrapped by one or the other. Cut short, it goes on where it was.
 *
 * @throws Error naming a key that does not open.
 */
export const rewrapAll = async (
  postgres: Postgres,
  master: Master,
  { batch, onProgress = () => undefined }: Readonly<{ batch: number; onProgress?: Progress | undefined }>,
): Promise<void> => {
  const newest = await newestWrappingKey(postgres, master);
  const total = await countOlder(postgres, newest.version);
  let done = 0;
  for (const each of tables) {
    let wrapped: number;
    do {
      wrapped = await inTransaction(postgres, (connection) =>
        rewrapBatch(connection, master, { ...each, newest, batch }),
      );
      done += wrapped;
      if (wrapped > 0) onProgress(done, Math.max(done, total));
    } while (wrapped > 0);
  }
};

const countOlder = async (postgres: Postgres, version: number): Promise<number> => {
  const { rows } = await postgres.query<{ count: number }>(
    `select ((select count(*) from platform_secrets where wrapping_key < $1)
           + (select count(*) from personal_keys where wrapping_key < $1))::integer as count`,
    [version],
  );
  return rows[0]?.count ?? 0;
};

type Row = Readonly<{ id: string; wrapped: Buffer; version: number; copy: Buffer | null }>;
type Batch = Wrapped & Readonly<{ newest: WrappingKey; batch: number }>;

/** Gives how many it wrapped: none when all are done. */
const rewrapBatch = async (
  connection: PostgresConnection,
  master: Master,
  { table, id, purpose, contextOf, newest, batch }: Batch,
): Promise<number> => {
  const { rows } = await connection.query<Row>(
    `select k.${id} as id, k.wrapped, k.wrapping_key as version, c.wrapped as copy from ${table} k
     left join wrapping_key_copies c on c.version = k.wrapping_key and c.master = $1
     where k.wrapping_key < $2 order by k.${id} limit $3 for update of k`,
    [master.fingerprint, newest.version, batch],
  );
  const rewrapped = rows.map((row) => {
    const key = unwrap(openCopy(master, row.version, row.copy).keyFor(purpose), row.wrapped, contextOf(row.id));
    if (!key) throw new Error(`The key ${row.id} in ${table} does not open: it was changed by another hand`);
    return wrap(newest.keyFor(purpose), key, contextOf(row.id));
  });
  await connection.query(
    `update ${table} k set wrapped = new.wrapped, wrapping_key = $1
     from unnest($2::text[], $3::bytea[]) as new (id, wrapped) where k.${id} = new.id`,
    [newest.version, rows.map((row) => row.id), rewrapped],
  );
  return rows.length;
};
