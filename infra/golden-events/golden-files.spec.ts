import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { goldenProblems, writeMissing } from './golden-files.js';

const repository = join(import.meta.dirname, '../..');
let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'evermart-golden-'));
  cpSync(join(repository, 'domains/shared'), join(root, 'domains/shared'), { recursive: true });
});

afterEach(() => rmSync(root, { recursive: true }));

const write = (path: string, text: string) => {
  mkdirSync(join(root, 'domains/shop'), { recursive: true });
  writeFileSync(join(root, 'domains/shop', path), text);
};

/** A context with one event, `Opened`, whose data and schema are given as source text. */
const shop = ({ data, schema, upcasters = '{}' }: Readonly<{ data: string; schema: string; upcasters?: string }>) => {
  write(
    'events.ts',
    `import type { Message } from '../shared/decider.js';
     import type { EventSchemas } from '../shared/event-schema.js';
     type Owned = { userId: string };
     export type ShopEvent = Message<'Opened', ${data}>;
     export const shopEvents: EventSchemas<ShopEvent> = { Opened: ${schema} };`,
  );
  write('upcasters.ts', `export const shopUpcasters = ${upcasters};`);
};

const golden = (version: number) => join(root, `domains/shop/golden/Opened.v${version}.json`);
const first = { data: '{ userId: string; tags: readonly string[] }', schema: '{ version: 1 }' };
const second = {
  data: '{ userId: string; tags: readonly string[]; open: boolean }',
  schema: '{ version: 2 }',
  upcasters: '{ Opened: { 1: (data: object) => ({ ...data, open: true }) } }',
};

describe('golden files', () => {
  it('hold the fields and an example of every present version, and then nothing is wrong', async () => {
    shop(first);
    expect(await goldenProblems(root)).toEqual(['Opened version 1 has no golden file: run `npm run golden`']);

    expect(await writeMissing(root)).toEqual(['domains/shop/golden/Opened.v1.json']);

    expect(JSON.parse(readFileSync(golden(1), 'utf8'))).toMatchObject({
      type: 'Opened',
      schemaVersion: 1,
      personal: null,
      shape: { tags: 'string[]', userId: 'string' },
      data: { tags: ['some tags'] },
    });
    expect(await goldenProblems(root)).toEqual([]);
  });

  it('are not written again', async () => {
    shop(first);
    await writeMissing(root);
    const before = readFileSync(golden(1), 'utf8');
    shop({ ...first, data: '{ userId: string }' });
    expect(await writeMissing(root)).toEqual([]);
    expect(readFileSync(golden(1), 'utf8')).toBe(before);
  });

  it('do not mind how a type is written', async () => {
    shop(first);
    await writeMissing(root);
    shop({ ...first, data: 'Readonly<Owned> & Readonly<{ tags: Array<string> }>' });
    expect(await goldenProblems(root)).toEqual([]);
  });

  const changed =
    'Opened changed shape: raise its version to 2 in domains/shop/events.ts, ' +
    'add an upcaster from 1 in domains/shop/upcasters.ts, and run `npm run golden`';

  it.each([
    ['a field more', '{ userId: string; tags: readonly string[]; open: boolean }'],
    ['a field less', '{ userId: string }'],
    ['a field of another type', '{ userId: string; tags: readonly number[] }'],
    ['a field that may be missing', '{ userId: string; tags?: readonly string[] }'],
    ['a field that may be null', '{ userId: string; tags: readonly string[] | null }'],
  ])('tell of %s', async (_change, data) => {
    shop(first);
    await writeMissing(root);
    shop({ ...first, data });
    expect(await goldenProblems(root)).toEqual([changed]);
  });

  it('tell of a field that became personal', async () => {
    shop(first);
    await writeMissing(root);
    shop({ ...first, schema: "{ version: 1, personal: { subject: 'userId', fields: ['tags'] } }" });
    expect(await goldenProblems(root)).toEqual([changed]);
  });

  it('are content with a new version that has its upcaster and its golden file', async () => {
    shop(first);
    await writeMissing(root);
    shop(second);
    expect(await goldenProblems(root)).toEqual(['Opened version 2 has no golden file: run `npm run golden`']);
    await writeMissing(root);
    expect(await goldenProblems(root)).toEqual([]);
  });

  it('tell of a missing upcaster', async () => {
    shop(first);
    await writeMissing(root);
    shop({ ...second, upcasters: '{}' });
    await writeMissing(root);
    expect(await goldenProblems(root)).toEqual([
      'domains/shop/upcasters.ts: No upcaster leads Opened from version 1 to 2',
    ]);
  });

  it('tell of an upcaster that leads elsewhere', async () => {
    shop(first);
    await writeMissing(root);
    shop({ ...second, upcasters: "{ Opened: { 1: (data: object) => ({ ...data, open: 'yes' }) } }" });
    await writeMissing(root);
    expect(await goldenProblems(root)).toEqual([
      'Opened upcast from version 1 to 2 has another shape: Opened.open is not boolean',
    ]);
  });

  it('tell of an upcaster that reads a personal field, which is sealed when streams are read', async () => {
    const personal = "personal: { subject: 'userId', fields: ['name'] }";
    shop({ data: '{ userId: string; name: string | null }', schema: `{ version: 1, ${personal} }` });
    await writeMissing(root);
    shop({
      data: '{ userId: string; name: string | null; initial: string }',
      schema: `{ version: 2, ${personal} }`,
      upcasters: '{ Opened: { 1: (data: any) => ({ ...data, initial: data.name[0] }) } }',
    });
    await writeMissing(root);
    expect(await goldenProblems(root)).toEqual([
      'Opened upcast from version 1 to 2 has another shape: Opened.initial is missing',
    ]);
  });

  it('tell of one of an older version that is gone or was edited', async () => {
    shop(first);
    await writeMissing(root);
    shop(second);
    await writeMissing(root);
    writeFileSync(golden(1), readFileSync(golden(1), 'utf8').replace('some tags', 'other tags'));
    expect(await goldenProblems(root)).toEqual([
      'domains/shop/golden/Opened.v1.json was edited: take it back from git, it says what is stored',
    ]);
    rmSync(golden(1));
    expect(await goldenProblems(root)).toEqual([
      'domains/shop/golden/Opened.v1.json is missing: take it back from git, since events of that version are stored',
    ]);
  });

  it('are not made anew where the one of the present version was committed and removed', async () => {
    const git = (...args: string[]) =>
      execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', ...args], { cwd: root });
    shop(first);
    await writeMissing(root);
    git('init', '--quiet');
    git('add', '.');
    git('commit', '--quiet', '--no-gpg-sign', '--message', 'first');
    rmSync(golden(1));
    git('commit', '--quiet', '--no-gpg-sign', '--all', '--message', 'removed');
    shop({ ...first, data: '{ userId: string }' });
    const sentence =
      'domains/shop/golden/Opened.v1.json is missing: take it back from git, since events of that version are stored';
    expect(await goldenProblems(root)).toEqual([sentence]);
    await expect(writeMissing(root)).rejects.toThrow(sentence);
  });

  it('tell of one whose event type the code has forgotten', async () => {
    shop(first);
    await writeMissing(root);
    writeFileSync(join(root, 'domains/shop/golden/Shut.v1.json'), readFileSync(golden(1)));
    expect(await goldenProblems(root)).toEqual([
      'domains/shop/golden/Shut.v1.json is of no event type and version in domains/shop/events.ts, which may not forget any',
    ]);
  });

  it.each([
    ['a date', '{ userId: Date }'],
    ['a function', '{ userId: () => string }'],
    ['any', '{ userId: any }'],
  ])('refuse %s as a field', async (_what, data) => {
    shop({ ...first, data });
    await expect(goldenProblems(root)).rejects.toThrow('Opened.userId');
  });
});
