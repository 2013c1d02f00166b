import { inTransaction, type Postgres } from '../../postgres/postgres.js';
import { alone, masterOf, prepareWrappingKeys, wrongMasterKey, type Master } from '../wrapping-keys.js';
import { readKeyState, type KeyState } from './key-state.js';
import { RotationRefused } from './refusal.js';
import { rewrapAll } from './rewrap.js';

/**
 * Takes the keys from the old master key, once every process runs with the new one, which is given: wraps what was
 * made meanwhile by older versions, and drops these and all copies for the old one. Once more is a success.
 *
 * @throws RotationRefused where `masterKey` is still the old one; DomainError `internal.error` where it does not open
 * the keys.
 */
export const retire = async ({
  postgres,
  masterKey,
}: Readonly<{ postgres: Postgres; masterKey: string }>): Promise<void> => {
  const master = masterOf(masterKey);
  await prepareWrappingKeys(postgres, master);
  refuseUnlessPresent(await readKeyState(postgres, master));
  do await rewrapAll(postgres, master, { batch: 500 });
  while (!(await dropOlder(postgres, master)));
};

const refuseUnlessPresent = ({ yours, present }: KeyState): void => {
  if (yours.isKnown && present !== yours.fingerprint)
    throw new RotationRefused('MASTER_KEY is still the old one: set the new one, restart every process, then retire');
};

/** Gives false where a key was just made that an older version wraps: the foreign key held the version. */
const dropOlder = async (postgres: Postgres, master: Master): Promise<boolean> => {
  try {
    await inTransaction(postgres, async (connection) => {
      await alone(connection);
      // A rotation to another key may have begun meanwhile: what it made must not go, for it becomes the present one.
      const state = await readKeyState(connection, master);
      if (!state.yours.isKnown) throw wrongMasterKey();
      refuseUnlessPresent(state);
      await connection.query('delete from wrapping_keys where version < (select max(version) from wrapping_keys)');
      await connection.query('delete from wrapping_key_copies where master <> $1', [master.fingerprint]);
    });
    return true;
  } catch (error) {
    const foreignKeyViolation = '23503';
    if (error instanceof Error && 'code' in error && error.code === foreignKeyViolation) return false;
    throw error;
  }
};
