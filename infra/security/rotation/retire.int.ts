import { deriveKey, wrap } from '../envelope.js';
import { masterOf } from '../wrapping-keys.js';
import { retire } from './retire.js';
import { rotate } from './rotate.js';
import { dyingAfter } from './testing/dying-postgres.js';
import { interruptedBefore } from './testing/interrupted-postgres.js';
import { newKey, oldKey, startKeys, strangeKey } from './testing/filled-keys.js';

let world: Awaited<ReturnType<typeof startKeys>>;

beforeAll(async () => {
  world = await startKeys();
});

afterAll(() => world.stop());

beforeEach(() => world.empty());

describe('retiring the old master key', () => {
  it('leaves only the new one', async () => {
    const before = await world.fill();
    await rotate(world.rotation);
    await retire({ postgres: world.postgres, masterKey: newKey });

    expect(await world.started(newKey).readAll()).toEqual(before);
    await expect(world.started(oldKey).readAll()).rejects.toThrow('MASTER_KEY is not the one');
    await expect(world.started(oldKey).keys.keyFor('u6')).rejects.toThrow('MASTER_KEY is not the one');
    expect(await world.state()).toMatchObject({ masters: [masterOf(newKey).fingerprint], versions: [{ version: 1 }] });
  });

  it('is refused for the old key and for a stranger', async () => {
    await world.fill();
    await rotate(world.rotation);
    await expect(retire({ postgres: world.postgres, masterKey: oldKey })).rejects.toThrow(
      'MASTER_KEY is still the old one',
    );
    await expect(retire({ postgres: world.postgres, masterKey: strangeKey })).rejects.toThrow(
      'MASTER_KEY is not the one',
    );
    expect((await world.state()).masters).toHaveLength(2);
  });

  it('wraps anew what an older version still wraps', async () => {
    const before = await world.fill();
    await world.rotateHalf();
    await retire({ postgres: world.postgres, masterKey: newKey });
    expect(await world.started(newKey).readAll()).toEqual(before);
  });

  it('keeps a key that is made by an older version at the last moment', async () => {
    await world.fill();
    await rotate(world.rotation);
    const straggler = await world.postgres.connect();
    const version0 = deriveKey(oldKey, 'personal-keys');
    const key = Buffer.alloc(32, 7);
    await straggler.query('begin');
    await straggler.query('insert into personal_keys (subject, wrapped, wrapping_key) values ($1, $2, 0)', [
      'late',
      wrap(version0, key, 'late'),
    ]);
    const retiring = retire({ postgres: world.postgres, masterKey: newKey });
    await aWaitingLock();
    await straggler.query('commit');
    straggler.release();
    await retiring;
    expect(await world.started(newKey).keys.find('late')).toEqual(key);
    expect((await world.state()).versions).toMatchObject([{ version: 1, personalKeys: 6 }]);
  });

  it('goes on after being killed before any statement', async () => {
    let killedTimes = 0;
    for (let survived = 0; ; survived += 1) {
      await world.empty();
      const before = await world.fill();
      await rotate(world.rotation);
      const dying = dyingAfter(world.url, survived);
      const outcome = await retire({ postgres: dying.postgres, masterKey: newKey }).then(
        () => 'done',
        () => 'killed',
      );
      await dying.end();
      expect(await world.started(newKey).readAll()).toEqual(before);
      await retire({ postgres: world.postgres, masterKey: newKey });
      expect(await world.started(newKey).readAll()).toEqual(before);
      expect((await world.state()).masters).toEqual([masterOf(newKey).fingerprint]);
      if (outcome === 'done') break;
      killedTimes += 1;
    }
    expect(killedTimes).toBeGreaterThan(10);
  });

  it('takes the keys from nobody when a rotation begins before any of its statements', async () => {
    let refusedTimes = 0;
    for (let statement = 1; ; statement += 1) {
      await world.empty();
      const before = await world.fill();
      let rotating = Promise.resolve();
      const interrupted = interruptedBefore(world.url, statement, () => {
        rotating = rotate(world.rotation);
        return doneOrWaiting(rotating);
      });
      const outcome = await retire({ postgres: interrupted.postgres, masterKey: oldKey }).catch(String);
      await rotating;
      await interrupted.postgres.end();
      if (!interrupted.wasInterrupted()) break;

      expect(await world.started(newKey).readAll()).toEqual(before);
      expect(await world.started(oldKey).readAll()).toEqual(before);
      if (outcome !== undefined) refusedTimes += 1;
    }
    expect(refusedTimes).toBeGreaterThan(5);
  });
});

/** Until the work is done or has to wait for a lock. */
const doneOrWaiting = async (work: Promise<void>): Promise<void> => {
  let isDone = false;
  const done = work.then(() => void (isDone = true));
  const waiting = async (): Promise<void> => {
    const { rows } = await world.postgres.query('select from pg_locks where not granted');
    if (rows.length === 0 && !isDone) await waiting();
  };
  await Promise.race([done, waiting()]);
};

/** Until a statement waits for a lock that another transaction holds. */
const aWaitingLock = async (): Promise<void> => {
  const { rows } = await world.postgres.query('select from pg_locks where not granted');
  if (rows.length === 0) await aWaitingLock();
};
