import { startEngines, type EnginesForTests } from '../../engines/testing/engines-for-tests.js';
import { createPostgres, type Postgres } from '../../postgres/postgres.js';
import { deriveKey, wrap } from '../envelope.js';
import { createKeyring } from '../keyring.js';
import { createPersonalKeys } from '../personal-keys.js';
import { masterOf } from '../wrapping-keys.js';
import { readKeyState } from './key-state.js';
import { retire } from './retire.js';
import { rotate } from './rotate.js';
import { dyingAfter } from './testing/dying-postgres.js';

const oldKey = 'ab'.repeat(32);
const newKey = 'cd'.repeat(32);
const strangeKey = 'ef'.repeat(32);
const people = ['u1', 'u2', 'u3', 'u4', 'u5'];

let engines: EnginesForTests;
let postgres: Postgres;

beforeAll(async () => {
  engines = await startEngines(['postgres']);
  postgres = createPostgres(engines.env.POSTGRES_URL);
});

afterAll(async () => {
  await postgres.end();
  await engines.stop();
});

beforeEach(() => empty());

const empty = async () => {
  await postgres.query(
    'drop table if exists personal_keys, platform_secrets, wrapping_key_copies, wrapping_keys cascade',
  );
};

/** What a process that was just started with a master key sees; another sees the same when this is equal. */
const process = (masterKey: string) => {
  const keys = createPersonalKeys({ postgres, masterKey });
  const keyring = createKeyring({ postgres, masterKey });
  const readAll = async () => Promise.all([keyring.secret('lookup'), ...people.map(keys.find)]);
  return { keys, keyring, readAll };
};

const fill = async () => {
  const { keys, keyring, readAll } = process(oldKey);
  await keyring.secret('lookup');
  for (const subject of people) await keys.keyFor(subject);
  return readAll();
};

const state = () => readKeyState(postgres, masterOf(newKey));
const rotation = { masterKey: oldKey, newMasterKey: newKey, batch: 2 };

describe('rotating the master key', () => {
  it('leaves processes with the old key and with the new one at work', async () => {
    const before = await fill();
    const running = process(oldKey);
    await running.keys.find('u1');

    const told: string[] = [];
    await rotate({ postgres, ...rotation, onProgress: (done, total) => told.push(`${done}/${total}`) });

    expect(told).toEqual(['1/6', '3/6', '5/6', '6/6']);
    expect(await running.readAll()).toEqual(before);
    expect(await process(oldKey).readAll()).toEqual(before);
    expect(await process(newKey).readAll()).toEqual(before);
    const made = await running.keys.keyFor('u6');
    expect(await process(newKey).keys.find('u6')).toEqual(made);
    const madeByNew = await process(newKey).keys.keyFor('u7');
    expect(await running.keys.find('u7')).toEqual(madeByNew);
    expect(await state()).toMatchObject({
      present: masterOf(newKey).fingerprint,
      versions: [
        { version: 0, personalKeys: 0, platformSecrets: 0 },
        { version: 1, personalKeys: 7, platformSecrets: 1 },
      ],
    });
  });

  it('goes on after being killed before any statement', async () => {
    let killedTimes = 0;
    for (let survived = 0; ; survived += 1) {
      await empty();
      const before = await fill();
      const dying = dyingAfter(engines.env.POSTGRES_URL, survived);
      const outcome = await rotate({ postgres: dying.postgres, ...rotation }).then(
        () => 'done',
        () => 'killed',
      );
      await dying.end();
      expect(await process(oldKey).readAll()).toEqual(before);

      await rotate({ postgres, ...rotation });

      expect(await process(oldKey).readAll()).toEqual(before);
      expect(await process(newKey).readAll()).toEqual(before);
      expect((await state()).versions).toMatchObject([{ personalKeys: 0 }, { personalKeys: 5, platformSecrets: 1 }]);
      if (outcome === 'done') break;
      killedTimes += 1;
    }
    expect(killedTimes).toBeGreaterThan(20);
  });

  it('opens everything with both keys from its first transaction on', async () => {
    const before = await fill();
    const cutShort = rotate({
      postgres,
      ...rotation,
      onProgress: () => {
        throw new Error('cut short');
      },
    });
    await expect(cutShort).rejects.toThrow('cut short');
    expect((await state()).versions).toMatchObject([{ personalKeys: 5 }, { personalKeys: 0, platformSecrets: 1 }]);
    expect(await process(oldKey).readAll()).toEqual(before);
    expect(await process(newKey).readAll()).toEqual(before);
  });

  it('refuses the present key, a stranger, and a second rotation before the first is retired', async () => {
    await fill();
    await expect(rotate({ postgres, ...rotation, newMasterKey: oldKey })).rejects.toThrow('is the present one');
    await expect(rotate({ postgres, ...rotation, newMasterKey: undefined })).rejects.toThrow('is the present one');
    await expect(rotate({ postgres, ...rotation, masterKey: strangeKey })).rejects.toThrow('MASTER_KEY is not the one');
    await rotate({ postgres, ...rotation });
    await expect(rotate({ postgres, ...rotation, newMasterKey: strangeKey })).rejects.toThrow('is under way');
  });

  it('happens as often as wanted', async () => {
    const before = await fill();
    await rotate({ postgres, ...rotation });
    await retire({ postgres, masterKey: newKey });
    await rotate({ postgres, masterKey: newKey, newMasterKey: strangeKey });
    await retire({ postgres, masterKey: strangeKey });
    expect(await process(strangeKey).readAll()).toEqual(before);
    expect((await state()).versions).toMatchObject([{ version: 2, personalKeys: 5, platformSecrets: 1 }]);
  });
});

describe('retiring the old master key', () => {
  it('leaves only the new one', async () => {
    const before = await fill();
    await rotate({ postgres, ...rotation });
    await retire({ postgres, masterKey: newKey });

    expect(await process(newKey).readAll()).toEqual(before);
    await expect(process(oldKey).readAll()).rejects.toThrow('MASTER_KEY is not the one');
    await expect(process(oldKey).keys.keyFor('u6')).rejects.toThrow('MASTER_KEY is not the one');
    expect(await state()).toMatchObject({ masters: [masterOf(newKey).fingerprint], versions: [{ version: 1 }] });
  });

  it('is refused for the old key and for a stranger', async () => {
    await fill();
    await rotate({ postgres, ...rotation });
    await expect(retire({ postgres, masterKey: oldKey })).rejects.toThrow('MASTER_KEY is still the old one');
    await expect(retire({ postgres, masterKey: strangeKey })).rejects.toThrow('MASTER_KEY is not the one');
    expect((await state()).masters).toHaveLength(2);
  });

  it('wraps anew what an older version still wraps', async () => {
    const before = await fill();
    const cutShort = rotate({
      postgres,
      ...rotation,
      onProgress: () => {
        throw new Error('cut short');
      },
    });
    await expect(cutShort).rejects.toThrow();
    await retire({ postgres, masterKey: newKey });
    expect(await process(newKey).readAll()).toEqual(before);
  });

  it('keeps a key that is made by an older version at the last moment', async () => {
    await fill();
    await rotate({ postgres, ...rotation });
    const straggler = await postgres.connect();
    const version0 = deriveKey(oldKey, 'personal-keys');
    const key = Buffer.alloc(32, 7);
    await straggler.query('begin');
    await straggler.query('insert into personal_keys (subject, wrapped, wrapping_key) values ($1, $2, 0)', [
      'late',
      wrap(version0, key, 'late'),
    ]);
    const retiring = retire({ postgres, masterKey: newKey });
    await aWaitingLock();
    await straggler.query('commit');
    straggler.release();
    await retiring;
    expect(await process(newKey).keys.find('late')).toEqual(key);
    expect((await state()).versions).toMatchObject([{ version: 1, personalKeys: 6 }]);
  });

  it('goes on after being killed before any statement', async () => {
    let killedTimes = 0;
    for (let survived = 0; ; survived += 1) {
      await empty();
      const before = await fill();
      await rotate({ postgres, ...rotation });
      const dying = dyingAfter(engines.env.POSTGRES_URL, survived);
      const outcome = await retire({ postgres: dying.postgres, masterKey: newKey }).then(
        () => 'done',
        () => 'killed',
      );
      await dying.end();
      expect(await process(newKey).readAll()).toEqual(before);
      await retire({ postgres, masterKey: newKey });
      expect(await process(newKey).readAll()).toEqual(before);
      expect((await state()).masters).toEqual([masterOf(newKey).fingerprint]);
      if (outcome === 'done') break;
      killedTimes += 1;
    }
    expect(killedTimes).toBeGreaterThan(10);
  });
});

describe('a database whose keys the master key wraps itself', () => {
  const older = async () => {
    await postgres.query(`
      create table platform_secrets (name text primary key, wrapped bytea not null);
      create table personal_keys (
        subject text primary key, wrapped bytea not null, created_at timestamptz not null default now())`);
    const key = Buffer.alloc(32, 5);
    const lookup = Buffer.alloc(32, 6);
    await postgres.query('insert into personal_keys (subject, wrapped) values ($1, $2)', [
      'u1',
      wrap(deriveKey(oldKey, 'personal-keys'), key, 'u1'),
    ]);
    await postgres.query('insert into platform_secrets (name, wrapped) values ($1, $2)', [
      'lookup',
      wrap(deriveKey(oldKey, 'platform-secrets'), lookup),
    ]);
    return { key, lookup };
  };

  it('opens as before, and is rotated like any other', async () => {
    const { key, lookup } = await older();
    const { keys, keyring } = process(oldKey);
    expect([await keys.find('u1'), await keyring.secret('lookup')]).toEqual([key, lookup]);
    await rotate({ postgres, ...rotation });
    await retire({ postgres, masterKey: newKey });
    const renewed = process(newKey);
    expect([await renewed.keys.find('u1'), await renewed.keyring.secret('lookup')]).toEqual([key, lookup]);
  });

  it('is not taken over by another master key', async () => {
    const { key } = await older();
    await expect(process(strangeKey).keys.keyFor('u2')).rejects.toThrow('MASTER_KEY is not the one');
    expect(await process(oldKey).keys.find('u1')).toEqual(key);
  });
});

/** Until a statement waits for a lock that another transaction holds. */
const aWaitingLock = async (): Promise<void> => {
  const { rows } = await postgres.query('select from pg_locks where not granted');
  if (rows.length === 0) await aWaitingLock();
};
