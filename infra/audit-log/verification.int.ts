import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { createPersonalKeys } from '../security/personal-keys.js';
import { sealEvent } from '../security/sealing.js';
import { leafDigest } from './leaf.js';
import { createProofs } from './proofs.js';
import { startAuditedEngines, type AuditedEngines, type AuditedStore } from './testing/audited-store.js';
import { inDatabase } from './testing/database-file.js';
import { signRecord, type SignedRecord } from './testing/signed-record.js';
import { createVerifications } from './verifications.js';

let engines: AuditedEngines;
let store: AuditedStore;
let record: SignedRecord;

beforeAll(async () => {
  engines = await startAuditedEngines();
});
beforeEach(async () => {
  store = await engines.openStore();
  record = await signRecord(engines, store);
});
afterEach(() => store.end());
afterAll(() => engines.end());

const verify = () => record.verify();
const positionOf = (index: number) => record.positionOf(index);

describe('an untouched record', () => {
  it('is intact, also while events come that are not logged yet', async () => {
    await store.append('cart-4', 'later');
    const verification = await verify();
    expect(verification).toMatchObject({
      ...{ state: 'done', intact: true, firstDifference: null, progress: { done: 12, total: 12 } },
      ...{ through: String(positionOf(11)), checkpoint: expect.stringContaining('evermart/audit\n12\n') as string },
    });
    expect(await createVerifications(engines.postgres).latest()).toEqual(verification);
  });

  it('is intact where nothing was ever logged', async () => {
    await store.tamper(inDatabase((file) => everyIndex.forEach((index) => file.remove(positionOf(index)))));
    await record.cutLog(0);
    writeFileSync(record.checkpointsFile, '');
    expect(await verify()).toMatchObject({ intact: true, through: null, checkpoint: null });
  });

  it('is intact where the store holds events of its own', async () => {
    await store.append('$of-the-store', 1);
    await store.append('cart-1', 'e');
    await record.logAndSign();
    expect(await verify()).toMatchObject({ intact: true, progress: { done: 13 } });
  });
});

it('is intact, and proves the same, after a person was erased', async () => {
  const keys = createPersonalKeys({ ...engines, masterKey: 'ab'.repeat(32) });
  const schema = { version: 1, personal: { subject: 'thing', fields: ['name'] } };
  const data = await sealEvent(keys, { type: 'Noted', data: { thing: 'ada', name: 'Ada' } }, schema);
  await store.append('cart-4', data);
  await record.logAndSign();
  const place = (await store.eventStore.head())?.commit ?? 0n;
  const proofs = createProofs({ ...engines, ...store });
  const before = await proofs.ofEvent(place);
  await keys.erase('ada');
  expect(await verify()).toMatchObject({ intact: true, progress: { done: 13 } });
  expect(await proofs.ofEvent(place)).toEqual(before);
  expect(before.text).toContain('$sealed');
});

describe('a record that was touched is found to be so where it was', () => {
  const oneCharacter = { data: '{"thing":"B"}' };
  it.each([
    ['one character of the data', 5, 'changed', inDatabase((file) => file.change(positionOf(5), oneCharacter))],
    ['its time', 6, 'changed', inDatabase((file) => file.change(positionOf(6), { created: 1 }))],
    ['the very first', 0, 'changed', inDatabase((file) => file.change(positionOf(0), oneCharacter))],
    ['the last', 11, 'changed', inDatabase((file) => file.change(positionOf(11), oneCharacter))],
    ['its id', 7, 'changed', inDatabase((file) => file.change(positionOf(7), { id: strangerId }))],
    ['one that is gone', 3, 'removed', inDatabase((file) => file.remove(positionOf(3)))],
    ['the last, which is gone', 11, 'removed', inDatabase((file) => file.remove(positionOf(11)))],
    ['two that changed places', 2, 'reordered', inDatabase((file) => file.swap(positionOf(2), positionOf(9)))],
    [
      'one that is damaged, as the store sees as well',
      ...([4, 'changed', inDatabase((file) => file.change(positionOf(4), oneCharacter), 'left')] as const),
    ],
  ])('%s', async (_, index, kind, change) => {
    await store.tamper(change);
    const firstDifference = record.difference(index, kind);
    expect(await verify()).toMatchObject({ state: 'done', intact: false, firstDifference });
  });

  it('one that was put in', async () => {
    await store.tamper(inDatabase((file) => file.insertBefore(positionOf(6))));
    const { firstDifference } = await verify();
    expect(firstDifference).toMatchObject({ position: String(positionOf(6)), kind: 'inserted' });
  });

  it('one that was never logged, in a stream that PostgreSQL cannot name', async () => {
    const { commit } = await store.append('odd-\0', 'a');
    await store.append('cart-1', 'e');
    await record.logAndSign();
    await engines.postgres.query('delete from audit_entries where index = 12');
    await engines.postgres.query('update audit_entries set index = 12 where index = 13');
    await engines.postgres.query('update audit_head set size = 13');
    const { firstDifference } = await verify();
    expect(firstDifference).toMatchObject({ position: String(commit), stream: 'odd-\ufffd', kind: 'inserted' });
  });

  it.each([
    ['a correlation', 'correlation = null'],
    ['a place in time', `latest = latest + interval '1 microsecond'`],
    ['no place in time', `latest = 'infinity'`],
    ['a stream', `stream = 'cart-1'`],
    ['a place in the stream', 'revision = 7'],
    ['a place in the store', 'position = -1'],
  ])('%s that an event is found by', async (_, change) => {
    await engines.postgres.query(`update audit_entries set ${change} where index = 9`);
    expect(await verify()).toMatchObject({ intact: false, firstDifference: record.difference(9, 'index') });
  });
});

const everyIndex = Array.from({ length: 12 }, (_, index) => index);

const strangerId = '00000000-0000-4000-8000-000000000000';

describe('what was signed holds where both store and log were changed', () => {
  const changeBoth = async (index: number) => {
    await store.tamper(inDatabase((file) => file.change(positionOf(index), { data: '{"thing":"B"}' })));
    const changed = (await record.stored())[index];
    if (!changed) throw new Error('It is gone');
    await engines.postgres.query('update audit_entries set digest = $2 where index = $1', [index, leafDigest(changed)]);
  };
  const notes = () => readFileSync(record.checkpointsFile, 'utf8').split('\n').slice(0, -1);
  const keepNotes = (kept: readonly string[]) =>
    writeFileSync(record.checkpointsFile, kept.map((note) => `${note}\n`).join(''));

  it('from the last checkpoint before on', async () => {
    await changeBoth(6);
    expect(await verify()).toMatchObject({ intact: false, firstDifference: record.difference(4, 'checkpoint') });
  });

  it('also where both were cut', async () => {
    await store.tamper(inDatabase((file) => [8, 9, 10, 11].forEach((index) => file.remove(positionOf(index)))));
    await record.cutLog(8);
    const nobody = { position: String(positionOf(11)), stream: null, revision: null, kind: 'checkpoint' };
    expect(await verify()).toMatchObject({ intact: false, firstDifference: nobody });
  });

  it.each([
    ['lost', (note: string) => [note].slice(1)],
    ['changed', (note: string) => [note.replace('time 2', 'time 3')]],
    ['made nonsense of', () => ['nonsense']],
  ])('and a checkpoint that was %s counts as a difference', async (_, change) => {
    const [first = '', second = '', ...others] = notes();
    keepNotes([first, ...change(second), ...others]);
    expect(await verify()).toMatchObject({ intact: false, firstDifference: record.difference(4, 'checkpoint') });
  });

  it('and a line that was never wholly written does not', async () => {
    appendFileSync(record.checkpointsFile, '{"checkpoint":"evermart');
    expect(await verify()).toMatchObject({ intact: true });
    await store.append('cart-4', 'a');
    await record.logAndSign();
    expect(notes()).toHaveLength(5);
    expect(await verify()).toMatchObject({ intact: true });
  });

  it('and one that was not published is published by the next', async () => {
    keepNotes(notes().slice(0, 2));
    await engines.postgres.query('update audit_checkpoints set is_published = false where size = 12');
    expect(await verify()).toMatchObject({ intact: true });
    expect(notes()).toHaveLength(3);
  });
});

describe('where PostgreSQL was lost, or is as it was in a backup, the store alone is held against what was signed', () => {
  const sizes = [0, 4] as const;
  it.each(sizes)('and agrees, where the log has come to %d events', async (size) => {
    await record.cutLog(size);
    expect(await verify()).toMatchObject({
      ...{ intact: true, progress: { done: 12, total: 12 }, through: String(positionOf(11)) },
      checkpoint: expect.stringContaining('evermart/audit\n12\n') as string,
    });
  });

  it('and agrees, where the log alone was set back to what was signed before', async () => {
    await record.cutLog(8, 'kept');
    expect(await verify()).toMatchObject({ intact: true, progress: { done: 12, total: 12 } });
  });

  it.each(sizes)('and what was changed in it is found, where the log has come to %d events', async (size) => {
    await record.cutLog(size);
    await store.tamper(inDatabase((file) => file.change(positionOf(9), { data: '{"thing":"B"}' })));
    expect(await verify()).toMatchObject({ intact: false, firstDifference: record.difference(8, 'checkpoint') });
  });

  it.each(sizes)('and so is that it was cut, where the log has come to %d events', async (size) => {
    await record.cutLog(size);
    await store.tamper(inDatabase((file) => everyIndex.slice(size).forEach((index) => file.remove(positionOf(index)))));
    const { firstDifference } = await verify();
    const nobody = { stream: null, revision: null, kind: 'checkpoint' };
    expect(firstDifference).toMatchObject({ ...nobody, position: String(positionOf(size + 3)) });
  });
});
