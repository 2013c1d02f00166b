import { deriveKey, wrap } from '../envelope.js';
import { masterOf } from '../wrapping-keys.js';
import { retire } from './retire.js';
import { rotate } from './rotate.js';
import { dyingAfter } from './testing/dying-postgres.js';
import { newKey, oldKey, startKeys, strangeKey } from './testing/filled-keys.js';

let world: Awaited<ReturnType<typeof startKeys>>;

beforeAll(async () => {
  world = await startKeys();
});

afterAll(() => world.stop());

beforeEach(() => world.empty());

describe('rotating the master key', () => {
  it('leaves processes with the old key and with the new one at work', async () => {
    const before = await world.fill();
    const running = world.started(oldKey);
    await running.keys.find('u1');

    const told: string[] = [];
    await rotate({ ...world.rotation, onProgress: (done, total) => told.push(`${done}/${total}`) });

    expect(told).toEqual(['1/6', '3/6', '5/6', '6/6']);
    expect(await running.readAll()).toEqual(before);
    expect(await world.started(oldKey).readAll()).toEqual(before);
    expect(await world.started(newKey).readAll()).toEqual(before);
    const made = await running.keys.keyFor('u6');
    expect(await world.started(newKey).keys.find('u6')).toEqual(made);
    const madeByNew = await world.started(newKey).keys.keyFor('u7');
    expect(await running.keys.find('u7')).toEqual(madeByNew);
    expect(await world.state()).toMatchObject({
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
      await world.empty();
      const before = await world.fill();
      const dying = dyingAfter(world.url, survived);
      const outcome = await rotate({ ...world.rotation, postgres: dying.postgres }).then(
        () => 'done',
        () => 'killed',
      );
      await dying.end();
      expect(await world.started(oldKey).readAll()).toEqual(before);

      await rotate(world.rotation);

      expect(await world.started(oldKey).readAll()).toEqual(before);
      expect(await world.started(newKey).readAll()).toEqual(before);
      expect((await world.state()).versions).toMatchObject([
        { personalKeys: 0 },
        { personalKeys: 5, platformSecrets: 1 },
      ]);
      if (outcome === 'done') break;
      killedTimes += 1;
    }
    expect(killedTimes).toBeGreaterThan(20);
  });

  it('opens everything with both keys from its first transaction on', async () => {
    const before = await world.fill();
    await world.rotateHalf();
    expect((await world.state()).versions).toMatchObject([
      { personalKeys: 5 },
      { personalKeys: 0, platformSecrets: 1 },
    ]);
    expect(await world.started(oldKey).readAll()).toEqual(before);
    expect(await world.started(newKey).readAll()).toEqual(before);
  });

  it('refuses the present key, a stranger, and a second rotation before the first is retired', async () => {
    await world.fill();
    await expect(rotate({ ...world.rotation, newMasterKey: oldKey })).rejects.toThrow('is the present one');
    await expect(rotate({ ...world.rotation, newMasterKey: undefined })).rejects.toThrow('is the present one');
    await expect(rotate({ ...world.rotation, masterKey: strangeKey })).rejects.toThrow('MASTER_KEY is not the one');
    await rotate(world.rotation);
    await expect(rotate({ ...world.rotation, newMasterKey: strangeKey })).rejects.toThrow('is under way');
  });

  it('happens as often as wanted', async () => {
    const before = await world.fill();
    await rotate(world.rotation);
    await retire({ postgres: world.postgres, masterKey: newKey });
    await rotate({ postgres: world.postgres, masterKey: newKey, newMasterKey: strangeKey });
    await retire({ postgres: world.postgres, masterKey: strangeKey });
    expect(await world.started(strangeKey).readAll()).toEqual(before);
    expect((await world.state()).versions).toMatchObject([{ version: 2, personalKeys: 5, platformSecrets: 1 }]);
  });
});

describe('a database whose keys the master key wraps itself', () => {
  const older = async () => {
    await world.postgres.query(`
      create table platform_secrets (name text primary key, wrapped bytea not null);
      create table personal_keys (
        subject text primary key, wrapped bytea not null, created_at timestamptz not null default now())`);
    const key = Buffer.alloc(32, 5);
    const lookup = Buffer.alloc(32, 6);
    await world.postgres.query('insert into personal_keys (subject, wrapped) values ($1, $2)', [
      'u1',
      wrap(deriveKey(oldKey, 'personal-keys'), key, 'u1'),
    ]);
    await world.postgres.query('insert into platform_secrets (name, wrapped) values ($1, $2)', [
      'lookup',
      wrap(deriveKey(oldKey, 'platform-secrets'), lookup),
    ]);
    return { key, lookup };
  };

  it('opens as before, and is rotated like any other', async () => {
    const { key, lookup } = await older();
    const { keys, keyring } = world.started(oldKey);
    expect([await keys.find('u1'), await keyring.secret('lookup')]).toEqual([key, lookup]);
    await rotate(world.rotation);
    await retire({ postgres: world.postgres, masterKey: newKey });
    const renewed = world.started(newKey);
    expect([await renewed.keys.find('u1'), await renewed.keyring.secret('lookup')]).toEqual([key, lookup]);
  });

  it('is not taken over by another master key', async () => {
    const { key } = await older();
    await expect(world.started(strangeKey).keys.keyFor('u2')).rejects.toThrow('MASTER_KEY is not the one');
    expect(await world.started(oldKey).keys.find('u1')).toEqual(key);
  });
});
