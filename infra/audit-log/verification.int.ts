import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import type { StoredEvent } from '../event-store/stored-event.js';
import { openCheckpointTarget } from './checkpoint-target.js';
import { createCheckpoints, type Checkpoints } from './checkpoints.js';
import { createPersonalKeys } from '../security/personal-keys.js';
import { sealEvent } from '../security/sealing.js';
import { leafDigest } from './leaf.js';
import { createProofs } from './proofs.js';
import { runVerifications } from './run-verifications.js';
import { openSigningKey } from './signing-key.js';
import { startAuditedEngines, type AuditedEngines, type AuditedStore } from './testing/audited-store.js';
import { inDatabase } from './testing/database-file.js';
import { logThrough } from './testing/log-through.js';
import { createVerifications } from './verifications.js';

let engines: AuditedEngines;
let store: AuditedStore;
let checkpoints: Checkpoints;
let events: readonly StoredEvent[];

const log = pino({ level: 'silent' });
const checkpointsFile = () => join(store.folder, 'checkpoints.ndjson');

beforeAll(async () => {
  engines = await startAuditedEngines();
});
beforeEach(async () => {
  store = await engines.openStore();
  const key = openSigningKey(join(store.folder, 'key.pem'));
  checkpoints = createCheckpoints({ ...engines, target: openCheckpointTarget(checkpointsFile()), key });
  for (const stream of ['cart-1', 'cart-2', 'cart-3']) {
    await store.append(stream, 'a', 'b', 'c', 'd');
    await logAndSign();
  }
  events = (await stored()).flat();
});
afterEach(() => store.end());
afterAll(() => engines.end());

const logAndSign = async () => {
  await logThrough(engines, store);
  await checkpoints.make();
};
const stored = async () => {
  const batches = [];
  for await (const batch of store.eventStore.readAll({ after: null })) batches.push(batch);
  return batches;
};
const verify = async () => {
  const verifications = createVerifications(engines.postgres);
  const { id } = await verifications.request();
  await runVerifications({ ...store, ...engines, checkpoints, log }, new AbortController().signal);
  return verifications.find(id);
};
const at = (index: number) => events[index] as StoredEvent;
const positionOf = (index: number) => at(index).position.commit;
const difference = (index: number, kind: string) => {
  const { streamId: stream, revision, position } = at(index);
  return { position: String(position.commit), stream, revision, kind };
};

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

  it('is intact where nothing is logged', async () => {
    await store.end();
    store = await engines.openStore();
    expect(await verify()).toMatchObject({ intact: true, through: null, checkpoint: null });
  });

  it('is intact where the store holds events of its own', async () => {
    await store.append('$of-the-store', 1);
    await store.append('cart-1', 'e');
    await logAndSign();
    expect(await verify()).toMatchObject({ intact: true, progress: { done: 13 } });
  });
});

it('is intact, and proves the same, after a person was erased', async () => {
  const keys = createPersonalKeys({ ...engines, masterKey: 'ab'.repeat(32) });
  const schema = { version: 1, personal: { subject: 'thing', fields: ['name'] } };
  const data = await sealEvent(keys, { type: 'Noted', data: { thing: 'ada', name: 'Ada' } }, schema);
  await store.append('cart-4', data);
  await logAndSign();
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
    expect(await verify()).toMatchObject({ state: 'done', intact: false, firstDifference: difference(index, kind) });
  });

  it('one that was put in', async () => {
    await store.tamper(inDatabase((file) => file.insertBefore(positionOf(6))));
    const { firstDifference } = await verify();
    expect(firstDifference).toMatchObject({ position: String(positionOf(6)), kind: 'inserted' });
  });
});

const strangerId = '00000000-0000-4000-8000-000000000000';

describe('what was signed holds where both store and log were changed', () => {
  const changeBoth = async (index: number) => {
    await store.tamper(inDatabase((file) => file.change(positionOf(index), { data: '{"thing":"B"}' })));
    const changed = (await stored()).flat()[index] as StoredEvent;
    await engines.postgres.query('update audit_entries set digest = $2 where index = $1', [index, leafDigest(changed)]);
  };
  const notes = () => readFileSync(checkpointsFile(), 'utf8').split('\n').slice(0, -1);
  const keepNotes = (kept: readonly string[]) =>
    writeFileSync(checkpointsFile(), kept.map((note) => `${note}\n`).join(''));

  it('from the last checkpoint before on', async () => {
    await changeBoth(6);
    expect(await verify()).toMatchObject({ intact: false, firstDifference: difference(4, 'checkpoint') });
  });

  it('also where both were cut', async () => {
    await store.tamper(inDatabase((file) => [8, 9, 10, 11].forEach((index) => file.remove(positionOf(index)))));
    await engines.postgres.query('delete from audit_entries where index >= 8');
    await engines.postgres.query('delete from audit_checkpoints where size > 8');
    const { rows } = await engines.postgres.query<{ hash: Buffer }>(
      `select root as hash from audit_checkpoints where size = 8`,
    );
    await engines.postgres.query('update audit_head set size = 8, position = $1, prepare = $1, peaks = $2', [
      ...[positionOf(7), rows[0]?.hash],
    ]);
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
    expect(await verify()).toMatchObject({ intact: false, firstDifference: difference(4, 'checkpoint') });
  });

  it('and a line that was never wholly written does not', async () => {
    appendFileSync(checkpointsFile(), '{"checkpoint":"evermart');
    expect(await verify()).toMatchObject({ intact: true });
    await store.append('cart-4', 'a');
    await logAndSign();
    expect(notes()).toHaveLength(4);
    expect(await verify()).toMatchObject({ intact: true });
  });

  it('and one that was not published is published by the next', async () => {
    keepNotes(notes().slice(0, 2));
    await engines.postgres.query('update audit_checkpoints set is_published = false where size = 12');
    expect(await verify()).toMatchObject({ intact: true });
    expect(notes()).toHaveLength(3);
  });
});

describe('a verification', () => {
  it('fails where the checkpoints cannot be reached', async () => {
    const key = openSigningKey(join(store.folder, 'key.pem'));
    checkpoints = createCheckpoints({ ...engines, target: openCheckpointTarget(store.folder), key });
    expect(await verify()).toMatchObject({ state: 'failed', intact: null, failure: 'checkpoints_unreachable' });
  });

  it('serves all who ask before it begins', async () => {
    const { request } = createVerifications(engines.postgres);
    expect((await request()).id).toBe((await request()).id);
  });

  it('is not there before somebody asks', async () => {
    const { find, latest } = createVerifications(engines.postgres);
    await expect(latest()).rejects.toMatchObject({ code: 'audit.no_verification' });
    await expect(find(strangerId)).rejects.toMatchObject({ code: 'audit.no_verification' });
  });
});
