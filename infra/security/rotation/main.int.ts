import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { builtEntry } from '../../engines/installation.js';
import { startEngines, type EnginesForTests } from '../../engines/testing/engines-for-tests.js';
import { createPostgres, type Postgres } from '../../postgres/postgres.js';
import { createPersonalKeys } from '../personal-keys.js';
import type { KeyState } from './key-state.js';

const first = 'ab'.repeat(32);
const second = 'cd'.repeat(32);

let engines: EnginesForTests;
let postgres: Postgres;
let dataDir: string;
const files = () => readdirSync(dataDir).toSorted();
const content = (name: string) => readFileSync(join(dataDir, name), 'utf8').trim();
const write = (name: string, key: string) => writeFileSync(join(dataDir, name), `${key}\n`);

beforeAll(async () => {
  engines = await startEngines(['postgres']);
  postgres = createPostgres(engines.env.POSTGRES_URL);
});

afterAll(async () => {
  await postgres.end();
  await engines.stop();
});

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'evermart-keys-'));
  await postgres.query(
    'drop table if exists personal_keys, platform_secrets, wrapping_key_copies, wrapping_keys cascade',
  );
  await createPersonalKeys({ postgres, masterKey: first }).keyFor('u1');
});

afterEach(() => rmSync(dataDir, { recursive: true }));

type Outcome = Readonly<{ code: number; output: string; complaint: string }>;

/** Runs the command line as a person does. */
const keys = (args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Outcome> =>
  new Promise((resolve) => {
    const surroundings = { PATH: process.env.PATH, DATA_DIR: dataDir, POSTGRES_URL: engines.env.POSTGRES_URL, ...env };
    execFile(
      process.execPath,
      [builtEntry('infra/security/rotation/main.js'), ...args],
      { env: surroundings },
      (error, output, complaint) => resolve({ code: error ? Number(error.code) : 0, output, complaint }),
    );
  });

const status = async (env: NodeJS.ProcessEnv = {}) =>
  JSON.parse((await keys(['status', '--json'], env)).output) as KeyState;

describe('npm run keys', () => {
  it('explains itself', async () => {
    const { output } = await keys(['--help']);
    expect(output).toContain('NEW_MASTER_KEY');
    expect(output).toContain('retire');
  });

  it('makes a new master key, puts it where npm start finds it, and keeps the old one until it is retired', async () => {
    write('master.key', first);
    const rotated = await keys(['rotate']);
    expect(rotated).toMatchObject({ code: 0, complaint: '' });
    expect(rotated.output).toContain('1 of 1 keys wrapped anew');
    expect(files()).toEqual(['master.key', 'master.key.old']);
    expect(content('master.key')).toMatch(/^[0-9a-f]{64}$/);
    expect(content('master.key')).not.toBe(first);
    expect(statSync(join(dataDir, 'master.key')).mode & 0o077).toBe(0);
    expect(content('master.key.old')).toBe(first);
    expect(rotated.output).not.toContain(content('master.key'));
    expect((await status()).masters).toHaveLength(2);

    expect(await keys(['retire'])).toMatchObject({ code: 0, complaint: '' });
    expect(files()).toEqual(['master.key']);
    expect(await status()).toMatchObject({ yours: { isKnown: true }, masters: [(await status()).present] });
    expect((await keys(['status'])).output).toContain('No rotation is under way');
  });

  it('takes the new master key from the environment, and then writes no file', async () => {
    const rotated = await keys(['rotate'], { MASTER_KEY: first, NEW_MASTER_KEY: second });
    expect(rotated).toMatchObject({ code: 0, complaint: '' });
    expect(files()).toEqual([]);
    expect(await keys(['retire'], { MASTER_KEY: first })).toMatchObject({
      code: 1,
      complaint: 'MASTER_KEY is still the old one: set the new one, restart every process, then retire\n',
    });
    expect(await keys(['retire'], { MASTER_KEY: second })).toMatchObject({ code: 0 });
    expect(await createPersonalKeys({ postgres, masterKey: second }).find('u1')).toHaveLength(32);
  });

  it('keeps a made key in the data folder where the present one is in the environment', async () => {
    const rotated = await keys(['rotate'], { MASTER_KEY: first });
    expect(rotated.output).toContain('master.key.next');
    const made = content('master.key.next');
    expect(await createPersonalKeys({ postgres, masterKey: made }).find('u1')).toHaveLength(32);
    expect(await keys(['retire'], { MASTER_KEY: made })).toMatchObject({ code: 0 });
    expect(existsSync(join(dataDir, 'master.key.next'))).toBe(false);
  });

  it.each([
    ['the next key was kept and nothing else', { 'master.key': first, 'master.key.next': second }, false],
    ['everything was wrapped anew', { 'master.key': first, 'master.key.next': second }, true],
    ['the old key was kept', { 'master.key': first, 'master.key.next': second, 'master.key.old': first }, true],
    ['the files were switched', { 'master.key': second, 'master.key.old': first }, true],
  ])('goes on where it was killed: %s', async (_when, left, isBegun) => {
    if (isBegun) await keys(['rotate'], { MASTER_KEY: first, NEW_MASTER_KEY: second });
    for (const [name, key] of Object.entries(left)) write(name, key);

    expect(await keys(['rotate'])).toMatchObject({ code: 0, complaint: '' });

    expect(files()).toEqual(['master.key', 'master.key.old']);
    expect([content('master.key'), content('master.key.old')]).toEqual([second, first]);
    expect((await status()).versions).toMatchObject([{ version: 0, personalKeys: 0 }, { version: 1 }]);
    expect(await keys(['retire'])).toMatchObject({ code: 0 });
    expect(files()).toEqual(['master.key']);
  });

  it('publishes another key for access tokens, which signs later', async () => {
    const signing = (...args: readonly string[]) => keys(['signing', ...args], { MASTER_KEY: first });
    expect((await signing('rotate')).output).toContain('is published, and signs from');
    const { output } = await signing('status', '--json');
    expect(JSON.parse(output)).toMatchObject([{ state: 'published' }, { state: 'signs' }]);
    expect(await signing('retire')).toMatchObject({ code: 0, complaint: '' });
    expect((await signing('status')).output.trim().split('\n')).toHaveLength(2);
    expect(await signing('retire', '--leaked', 'nobody')).toMatchObject({
      code: 1,
      complaint: 'No key is called nobody: npm run keys -- signing status shows them\n',
    });
    expect(await keys(['signing', 'rotate'], { MASTER_KEY: second })).toMatchObject({ code: 1 });
  });

  it.each([
    [
      'another master key',
      { MASTER_KEY: second },
      'MASTER_KEY is not the one that the keys in the database are wrapped',
    ],
    ['no master key', {}, 'Set MASTER_KEY to the present master key'],
    ['no key', { MASTER_KEY: first, NEW_MASTER_KEY: 'short' }, 'NEW_MASTER_KEY must be 64 hexadecimal digits'],
    ['the same key', { MASTER_KEY: first, NEW_MASTER_KEY: first }, 'The new master key is the present one'],
    ['nobody there', { MASTER_KEY: first, POSTGRES_URL: 'postgresql://127.0.0.1:1/x' }, 'PostgreSQL does not answer'],
    ['no database', { MASTER_KEY: first, POSTGRES_URL: undefined }, 'No PostgreSQL runs in'],
  ])('refuses %s with a sentence', async (_what, env, sentence) => {
    const { code, complaint } = await keys(['rotate'], env);
    expect(code).toBe(1);
    expect(complaint).toContain(sentence);
    expect(complaint.trim().split('\n')).toHaveLength(1);
  });

  it('finds the database of a platform that runs in the data folder', async () => {
    const outcome = await keys(['status'], { DATA_DIR: engines.dataDir, POSTGRES_URL: undefined, MASTER_KEY: first });
    expect(outcome.output).toContain('1 personal keys');
  });
});
