import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as othersTurn } from 'node:timers/promises';
import { startEngines, type EnginesForTests } from '../engines/testing/engines-for-tests.js';
import { createMailbox } from '../notifications/mailbox.js';
import { createPostgres, type Postgres } from '../postgres/postgres.js';
import { createCredentials } from './credentials.js';
import { followErasures } from './erasure-notices.js';
import { createErasure, personalDataStores, type PersonalDataStore } from './personal-data.js';
import { createPersonalKeys } from './personal-keys.js';
import { createRefreshTokens } from './refresh-tokens.js';
import { openEvent, sealEvent } from './sealing.js';

const masterKey = 'ab'.repeat(32);
const hour = 60 * 60 * 1000;
const schema = { version: 1, personal: { subject: 'userId', fields: ['email'] } };
const registered = (userId: string) => ({ type: 'UserRegistered', data: { userId, email: 'ada@example.org' } });

let engines: EnginesForTests;
let postgres: Postgres;
const instance = (rememberMs = hour) => createPersonalKeys({ postgres, masterKey, rememberMs });

beforeAll(async () => {
  engines = await startEngines(['postgres']);
  postgres = createPostgres(engines.env.POSTGRES_URL);
});

afterAll(async () => {
  await postgres.end();
  await engines.stop();
});

/** Until an instance no longer has the key of a person. */
const untilForgotten = async (keys: Pick<ReturnType<typeof instance>, 'find'>, subject: string): Promise<void> => {
  while ((await keys.find(subject)) !== null) await othersTurn();
};

describe('a destroyed key', () => {
  it('opens nothing any more, and none is made again', async () => {
    const keys = instance();
    const event = registered('gone');
    const sealed = await sealEvent(keys, event, schema);
    await keys.erase('gone');
    await keys.erase('gone');

    expect(await openEvent(keys, { ...event, data: sealed }, schema)).toEqual({ userId: 'gone', email: null });
    expect(await keys.keyFor('gone')).toBeNull();
    expect(await instance().keyFor('gone')).toBeNull();
    await expect(sealEvent(keys, event, schema)).rejects.toMatchObject({ code: 'user.not_found' });
    const { rows } = await postgres.query(
      `select wrapped, erased_at is not null as "isErased" from personal_keys where subject = 'gone'`,
    );
    expect(rows).toEqual([{ wrapped: null, isErased: true }]);
  });

  it('is none for a person who had none', async () => {
    await instance().erase('never-seen');
    expect(await instance().keyFor('never-seen')).toBeNull();
  });

  it('is not kept in memory by a read that began before', async () => {
    await instance().keyFor('raced');
    let letRead: (() => void) | undefined;
    const query = async (text: string, values?: readonly unknown[]): Promise<unknown> => {
      const result: unknown = await postgres.query(text, values && [...values]);
      if (letRead === undefined) await new Promise<void>((resolve) => (letRead = resolve));
      return result;
    };
    const keys = createPersonalKeys({
      postgres: Object.create(postgres, { query: { value: query } }) as Postgres,
      masterKey,
      rememberMs: hour,
    });
    const reading = keys.find('raced');
    while (letRead === undefined) await othersTurn();
    await keys.erase('raced');
    letRead();
    expect(await reading).not.toBeNull();
    expect(await keys.find('raced')).toBeNull();
  });

  it('is forgotten by another process that is told', async () => {
    const other = instance();
    const notices = followErasures({ postgres, personalKeys: other });
    await notices.listening;
    await other.keyFor('told');
    await other.keyFor('bystander');
    await instance().erase('told');
    await untilForgotten(other, 'told');
    await notices.stop();
    expect(await other.find('bystander')).not.toBeNull();
  });

  it('is forgotten by another process that was not connected when it was told', async () => {
    const other = instance();
    const notices = followErasures({ postgres, personalKeys: other });
    await notices.listening;
    await other.keyFor('missed');
    await postgres.query(`update personal_keys set wrapped = null, erased_at = now() where subject = 'missed'`);
    await postgres.query(`select pg_terminate_backend(pid) from pg_stat_activity where query like 'listen %'`);
    await untilForgotten(other, 'missed');
    await notices.stop();
    expect(await other.find('missed')).toBeNull();
  });

  it('is forgotten in time by another process that never hears of it', async () => {
    const deaf = instance(1);
    await deaf.keyFor('unheard');
    await instance().erase('unheard');
    await untilForgotten(deaf, 'unheard');
    expect(await deaf.find('unheard')).toBeNull();
  });
});

describe('erasing a person', () => {
  const credentials = () => createCredentials(postgres);
  const refreshTokens = () => createRefreshTokens(postgres);
  const erasureOver = (stores: readonly PersonalDataStore[], personalKeys = instance()) =>
    createErasure({ personalKeys, credentials: credentials(), refreshTokens: refreshTokens(), stores });

  it('destroys the key, then removes the sign-in, then scrubs every store', async () => {
    const keys = instance();
    await keys.keyFor('ada');
    await credentials().keep({ userId: 'ada', emailHash: 'h-ada', password: 'a long password' });
    const { refreshToken: token } = await refreshTokens().issue('ada');
    const { refreshToken: another } = await refreshTokens().issue('bob');
    const scrubbed: unknown[] = [];
    const store = (name: string): PersonalDataStore => ({
      name,
      scrub: async (subject) => void scrubbed.push([name, subject, await instance().find(subject)]),
    });

    await erasureOver([store('views'), store('mailbox')], keys).erase('ada');

    expect(scrubbed).toHaveLength(2);
    expect(scrubbed).toEqual(
      expect.arrayContaining([
        ['views', 'ada', null],
        ['mailbox', 'ada', null],
      ]),
    );
    expect(await credentials().verify({ emailHash: 'h-ada', password: 'a long password' })).toEqual([]);
    expect(await refreshTokens().ownerOf(token)).toBeNull();
    expect(await refreshTokens().ownerOf(another)).toBe('bob');
  });

  it('tells what failed, does all the rest, and completes when it is tried again', async () => {
    let isAway = true;
    const scrubbed: string[] = [];
    const stores: readonly PersonalDataStore[] = [
      { name: 'views', scrub: () => (isAway ? Promise.reject(new Error('no answer')) : Promise.resolve()) },
      { name: 'change log', scrub: () => (isAway ? thrown() : Promise.resolve()) },
      { name: 'mailbox', scrub: (subject) => Promise.resolve(void scrubbed.push(subject)) },
    ];
    const thrown = () => {
      throw new Error('broken');
    };
    const { erase } = erasureOver(stores);
    await expect(erase('eve')).rejects.toMatchObject({
      code: 'service.unavailable',
      message: 'Not erased yet, it is tried again: views, change log',
    });
    expect(scrubbed).toEqual(['eve']);
    isAway = false;
    await erase('eve');
    expect(scrubbed).toEqual(['eve', 'eve']);
  });

  it('scrubs nothing before the key is destroyed', async () => {
    const scrubbed: string[] = [];
    const personalKeys = { ...instance(), erase: () => Promise.reject(new Error('no answer')) };
    const stores = [{ name: 'views', scrub: (subject: string) => Promise.resolve(void scrubbed.push(subject)) }];
    await expect(erasureOver(stores, personalKeys).erase('kim')).rejects.toThrow('personal keys');
    expect(scrubbed).toEqual([]);
  });
});

describe('the places that hold readable personal data', () => {
  it('hold nothing of a person any more once they are scrubbed, and take nothing more', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'evermart-personal-'));
    const mailbox = createMailbox(dataDir);
    const mail = {
      id: 'm1',
      userId: 'ada',
      channel: 'email',
      to: 'ada@example.org',
      subject: 'Hello',
      text: 'Ada',
    } as const;
    await mailbox.send(mail);
    await Promise.all(personalDataStores({ dataDir }).map(({ scrub }) => scrub('ada')));
    expect(await mailbox.list('ada')).toEqual([]);
    await expect(mailbox.send({ ...mail, id: 'm2' })).rejects.toThrow('recipient.unknown');
    expect(await mailbox.list('ada')).toEqual([]);
    await rm(dataDir, { recursive: true });
  });
});
