import { startEngines } from '../../../engines/testing/engines-for-tests.js';
import { createPostgres } from '../../../postgres/postgres.js';
import { createKeyring } from '../../keyring.js';
import { createPersonalKeys } from '../../personal-keys.js';
import { masterOf } from '../../wrapping-keys.js';
import { readKeyState } from '../key-state.js';
import { rotate } from '../rotate.js';

export const oldKey = 'ab'.repeat(32);
export const newKey = 'cd'.repeat(32);
export const strangeKey = 'ef'.repeat(32);
const people = ['u1', 'u2', 'u3', 'u4', 'u5'];

/** A real PostgreSQL for tests of rotation; `fill` keeps one platform secret and five people's keys under the old key. */
export const startKeys = async () => {
  const engines = await startEngines(['postgres']);
  const url = engines.env.POSTGRES_URL;
  const postgres = createPostgres(url);

  /** What a process that was just started with a master key has. */
  const started = (masterKey: string) => {
    const keys = createPersonalKeys({ postgres, masterKey });
    const keyring = createKeyring({ postgres, masterKey });
    const readAll = async () => Promise.all([keyring.secret('lookup'), ...people.map(keys.find)]);
    return { keys, keyring, readAll };
  };

  const rotation = { postgres, masterKey: oldKey, newMasterKey: newKey, batch: 2 };
  return {
    url,
    postgres,
    started,
    rotation,
    empty: async () => {
      await postgres.query(
        'drop table if exists personal_keys, platform_secrets, wrapping_key_copies, wrapping_keys cascade',
      );
    },
    fill: async () => {
      const { keys, keyring, readAll } = started(oldKey);
      await keyring.secret('lookup');
      for (const subject of people) await keys.keyFor(subject);
      return readAll();
    },
    /** Rotates until the first batch is done, and ends there. */
    rotateHalf: async () => {
      const onProgress = () => {
        throw new Error('cut short');
      };
      await rotate({ ...rotation, onProgress }).catch((error: unknown) => {
        if (!(error instanceof Error) || error.message !== 'cut short') throw error;
      });
    },
    state: () => readKeyState(postgres, masterOf(newKey)),
    stop: async () => {
      await postgres.end();
      await engines.stop();
    },
  };
};
