import { randomBytes } from 'node:crypto';
import { inTransaction, type Postgres, type PostgresConnection } from '../../postgres/postgres.js';
import {
  alone,
  keepCopy,
  masterOf,
  materialOf,
  prepareWrappingKeys,
  wrongMasterKey,
  type Master,
} from '../wrapping-keys.js';
import { readKeyState } from './key-state.js';
import { RotationRefused } from './refusal.js';
import { rewrapAll, type Progress } from './rewrap.js';

/**
 * `newMasterKey` is undefined where a rotation that was cut short goes on. `batch` is how many keys are wrapped in one
 * transaction.
 */
export type Rotation = Readonly<{
  postgres: Postgres;
  masterKey: string;
  newMasterKey: string | undefined;
  batch?: number;
  onProgress?: Progress;
}>;

/**
 * Changes the master key while everything runs: makes a new wrapping key, kept for the old master key and the new one,
 * and wraps every key by it. From its first transaction on both master keys open everything, until `retire`. Killed at
 * any point, it goes on when it is called again.
 *
 * @throws RotationRefused where the new key is the present one, or a rotation to another is under way; DomainError
 * `internal.error` where `masterKey` does not open the keys.
 */
export const rotate = async ({
  postgres,
  masterKey,
  newMasterKey,
  batch = 500,
  onProgress,
}: Rotation): Promise<void> => {
  const master = masterOf(masterKey);
  const next = newMasterKey === undefined ? undefined : masterOf(newMasterKey);
  await prepareWrappingKeys(postgres, master);
  await inTransaction(postgres, (connection) => begin(connection, master, next));
  await rewrapAll(postgres, master, { batch, onProgress });
};

/** Whether a rotation has begun whose old master key is not retired. */
export const isUnderWay = ({ masters }: Readonly<{ masters: readonly string[] }>): boolean => masters.length > 1;

const begin = async (connection: PostgresConnection, master: Master, next: Master | undefined): Promise<void> => {
  await alone(connection);
  const state = await readKeyState(connection, master);
  if (!state.yours.isKnown) throw wrongMasterKey();
  if (isUnderWay(state)) {
    if (next && next.fingerprint !== state.present)
      throw new RotationRefused(
        `A rotation to another master key (fingerprint ${state.present}) is under way: finish it with that key, and retire the old one`,
      );
    return;
  }
  if (!next || next.fingerprint === master.fingerprint)
    throw new RotationRefused('The new master key is the present one: give another');
  const { rows: kept } = await connection.query<{ version: number; wrapped: Buffer }>(
    'select version, wrapped from wrapping_key_copies where master = $1 order by version',
    [master.fingerprint],
  );
  for (const { version, wrapped } of kept)
    await keepCopy(connection, next, { version, material: materialOf(master, version, wrapped) });
  const made = { version: Math.max(...kept.map(({ version }) => version)) + 1, material: randomBytes(64) };
  await connection.query('insert into wrapping_keys (version, made_for) values ($1, $2)', [
    made.version,
    next.fingerprint,
  ]);
  for (const each of [master, next]) await keepCopy(connection, each, made);
};
