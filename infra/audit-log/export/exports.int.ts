import { generateKeyPairSync } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Position, StoredEvent } from '../../event-store/stored-event.js';
import { createAuditIndex } from '../audit-index.js';
import { openCheckpointTarget, TargetUnreachable, type CheckpointTarget } from '../checkpoint-target.js';
import { createCheckpoints } from '../checkpoints.js';
import { leafDigest } from '../leaf.js';
import { openSigningKey } from '../signing-key.js';
import { archiveFiles } from '../offline/archive-files.js';
import { checkBundle } from '../offline/check-bundle.js';
import { createReport, type Finding } from '../offline/report.js';
import { newEvent, startAuditedEngines, type AuditedEngines, type AuditedStore } from '../testing/audited-store.js';
import { inDatabase, type DatabaseFile } from '../testing/database-file.js';
import { logThrough } from '../testing/log-through.js';
import type { Manifest, Selection } from './bundle-format.js';
import { createExports, type Exports, type ExportsParts } from './exports.js';

let engines: AuditedEngines;
let store: AuditedStore;
let folder: string;
let exports: Exports;

beforeAll(async () => {
  engines = await startAuditedEngines();
  folder = await mkdtemp(join(tmpdir(), 'evermart-bundles-'));
});
beforeEach(async () => {
  store = await engines.openStore();
  exports = openedWith({});
});
afterEach(() => store.end());
afterAll(async () => {
  await engines.end();
  await rm(folder, { recursive: true });
});

const openedWith = (more: Partial<ExportsParts>): Exports => {
  const { postgres } = engines;
  const { eventStore } = store;
  const sign = signingTo(target());
  return createExports({ eventStore, postgres, index: createAuditIndex(postgres), key: key(), sign, ...more });
};

const target = () => openCheckpointTarget(join(store.folder, 'checkpoints.ndjson'));
const signingTo = (given: CheckpointTarget) =>
  createCheckpoints({ postgres: engines.postgres, target: given, key: key() }).make;

const key = () => openSigningKey(join(folder, 'key.pem'));
const { signal } = new AbortController();
const by = '4f6c2a1e-8f39-5d0e-9c61-0f7f6b9f5a10';

/** Exports into a file, and gives what is in it. */
const exported = async (selection: Selection, from = exports) => {
  const file = join(folder, 'bundle.tar.gz');
  await pipeline(await from.open({ selection, by }, signal), createWriteStream(file));
  const files: Record<string, string> = {};
  for await (const { name, content } of archiveFiles(file)) files[name] = content.toString();
  return { file, files, manifest: JSON.parse(files['manifest.json'] ?? '') as Manifest };
};

const checked = async (file: string, publicKey = key().publicKey) => {
  const findings: Finding[] = [];
  const report = createReport((finding) => findings.push(finding));
  await checkBundle(file, publicKey, report);
  return { isGood: report.isGood(), findings, bad: findings.filter(({ isGood }) => !isGood) };
};

const numbers = (count: number) =>
  Array.from({ length: count }, (_, number) => ({ number, text: 'größer "\ud83d\ude00"' }));

const everyTime = { from: '1970-01-01T00:00:00Z', to: '2100-01-01T00:00:00Z' };
const noon = Date.parse('2026-01-31T12:00:00Z');
const dayAfter = noon + 86_400_000;
const atNoon = { from: '2026-01-31T12:00:00Z', to: '2026-01-31T12:00:01Z' };

/** Has events stored at other times, before they are logged. */
const storedAt = (...times: readonly (readonly [Position, number])[]) =>
  store.tamper(
    inDatabase((file) => {
      for (const [{ commit }, created] of times) file.change(commit, { created });
    }),
  );

/** Signs what is logged, and has something happen before anybody looks for the note. */
const signingBefore = (happens: () => Promise<void>) => async () => {
  await signingTo(target())();
  await happens();
};

const moreOfStream = async () => {
  await store.append('cart-1', ...numbers(3));
  await logThrough(engines, store);
};

describe('a bundle', () => {
  it('of a stream has its events with proofs, and is found good with the public key alone', async () => {
    await store.append('cart-1', ...numbers(300));
    await store.append('cart-2', ...numbers(3));
    await store.append('cart-1', ...numbers(300));
    await logThrough(engines, store);
    const { file, files, manifest } = await exported({ stream: 'cart-1' });
    expect(Object.keys(files)).toEqual([
      ...['README.txt', 'checkpoint.txt', 'public-key.pem', 'events-0001.ndjson', 'proofs-0001.ndjson'],
      ...['manifest.json', 'manifest.sig'],
    ]);
    expect(manifest).toMatchObject({ selection: { stream: 'cart-1' }, exportedBy: by, events: 600, logSize: 603 });
    expect(await checked(file)).toMatchObject({ isGood: true });
    const another = generateKeyPairSync('ed25519').publicKey;
    expect((await checked(file, another)).bad.map(({ what }) => what)).toEqual([
      ...['public-key.pem', 'checkpoint.txt', 'manifest.json'],
    ]);
  });

  it('of a correlation has what one request led to, in whatever streams', async () => {
    const append = (stream: string, correlationId: string) =>
      store.eventStore.append(stream, [newEvent(1, correlationId), newEvent(2, correlationId)], 'no_stream');
    await append('cart-1', 'one');
    await append('cart-2', 'two');
    await append('cart-3', 'one');
    await logThrough(engines, store);
    const { file, files, manifest } = await exported({ correlationId: 'one' });
    const streams = (files['events-0001.ndjson'] ?? '').match(/"stream":"[^"]+"/g);
    expect(streams).toEqual(['"stream":"cart-1"', '"stream":"cart-1"', '"stream":"cart-3"', '"stream":"cart-3"']);
    expect(manifest.events).toBe(4);
    expect(await checked(file)).toMatchObject({ isGood: true });
  });

  it('of a period has what was stored in it, also where that is nothing', async () => {
    await store.append('cart-1', ...numbers(5));
    const events = await everything();
    await logThrough(engines, store);
    const [from, to] = [events[0]?.created as Date, new Date((events[4]?.created.getTime() ?? 0) + 1)];
    const whole = await exported({ from: from.toISOString(), to: to.toISOString() });
    expect(whole.manifest.events).toBe(5);
    expect(await checked(whole.file)).toMatchObject({ isGood: true });
    const none = await exported({ from: to.toISOString(), to: new Date(to.getTime() + 1_000).toISOString() });
    expect(none.manifest).toMatchObject({ events: 0, first: null, last: null });
    expect(await checked(none.file)).toMatchObject({ isGood: true });
  });

  it('waits for the log to have what was stored when it was asked for', async () => {
    await store.append('cart-1', 1);
    await logThrough(engines, store);
    await store.append('cart-1', 2);
    const opening = exported({ stream: 'cart-1' });
    await store.append('cart-2', 1);
    await logThrough(engines, store);
    expect((await opening).manifest.events).toBe(2);
  });

  it('has what was signed, also where more is logged before it is made', async () => {
    await store.append('cart-1', ...numbers(5));
    await logThrough(engines, store);
    const { file, manifest } = await exported({ stream: 'cart-1' }, openedWith({ sign: signingBefore(moreOfStream) }));
    expect(manifest).toMatchObject({ events: 5, logSize: 5 });
    expect(await checked(file)).toMatchObject({ isGood: true });
  });

  it('is made under a note that is published', async () => {
    await store.append('cart-1', 1);
    await logThrough(engines, store);
    const away = { ...target(), append: () => Promise.reject(new TargetUnreachable('It is away')) };
    await expect(signingTo(away)()).rejects.toThrow();
    const { files } = await exported({ stream: 'cart-1' });
    expect(await target().all()).toEqual([files['checkpoint.txt']]);
  });

  it('of a period has what was stored in it before and after an event of a clock that was wrong', async () => {
    const first = await store.append('cart-1', 1);
    const wrong = await store.append('cart-1', 2);
    const last = await store.append('cart-1', 3);
    await storedAt([first, noon], [wrong, dayAfter], [last, noon + 1]);
    await logThrough(engines, store);
    const { files, manifest } = await exported(atNoon);
    expect(manifest.events).toBe(2);
    expect(files['events-0001.ndjson']).toMatch(/"thing":1.+\n.+"thing":3/);
  });

  it('of a period is looked for no further than well behind it', async () => {
    const first = await store.append('cart-1', 1);
    await store.append('cart-2', ...Array.from({ length: 1_100 }, () => 'later'));
    const [, ...later] = await everything();
    await storedAt([first, noon], ...later.map(({ position }): [Position, number] => [position, dayAfter]));
    await logThrough(engines, store);
    const last = (await store.eventStore.head()) as Position;
    await store.tamper(inDatabase((file) => file.change(last.commit, { data: '{}' })));
    expect((await exported(atNoon)).manifest.events).toBe(1);
  });

  it.each<[Selection]>([[{ stream: 'cart-1' }], [{ correlationId: 'one' }], [everyTime]])(
    'is made no further once whoever asked has left: %j',
    async (selection) => {
      const many = Array.from({ length: 300 }, (_, number) => newEvent(number, 'one'));
      await store.eventStore.append('cart-1', many, 'no_stream');
      await logThrough(engines, store);
      const leaving = new AbortController();
      const bundle = await openedWith({ mostOfPart: 50 }).open({ selection, by }, leaving.signal);
      leaving.abort();
      await expect(pipeline(bundle, createWriteStream(join(folder, 'left.tar.gz')))).rejects.toMatchObject({
        name: 'AbortError',
      });
    },
  );

  it.each<[Selection, string]>([
    [{ stream: 'cart-9' }, 'audit.no_such_stream'],
    [{ correlationId: 'nobody' }, 'audit.no_such_correlation'],
  ])('of nothing is refused: %j', async (selection, code) => {
    await store.append('cart-1', 1);
    await logThrough(engines, store);
    await expect(exports.open({ selection, by }, signal)).rejects.toMatchObject({ code });
  });
});

describe('a record that somebody has touched', () => {
  const period = { from: '2020-01-01T00:00:00Z', to: '2100-01-01T00:00:00Z' };

  let events: readonly StoredEvent[];
  beforeEach(async () => {
    const correlated = [1, 2, 3].map((thing) => newEvent(thing, 'one'));
    await store.eventStore.append('cart-1', correlated, 'no_stream');
    await store.append('cart-2', 1);
    await logThrough(engines, store);
    events = await everything();
  });

  const changed = (file: DatabaseFile) => file.change(positionOf(1), { data: '{"thing":9}' });
  const older = (file: DatabaseFile) => file.change(positionOf(1), { created: 1 });
  const swapped = (file: DatabaseFile) => file.swap(positionOf(2), positionOf(3));
  const removed = (number: number) => (file: DatabaseFile) => file.remove(positionOf(number));
  const positionOf = (number: number) => (events[number] as StoredEvent).position.commit;

  it.each<[string, (file: DatabaseFile) => void, Selection]>([
    ['an event was changed', changed, { stream: 'cart-1' }],
    ['an event was changed', changed, { correlationId: 'one' }],
    ['an event was changed', changed, period],
    ['its time was changed', older, { stream: 'cart-1' }],
    ['an event is gone', removed(1), { stream: 'cart-1' }],
    ['an event is gone', removed(1), { correlationId: 'one' }],
    ['an event is gone', removed(1), period],
    ['two events were swapped', swapped, { stream: 'cart-1' }],
    ['two events were swapped', swapped, { correlationId: 'one' }],
    ['two events were swapped', swapped, period],
    ['the last event is gone', removed(2), { stream: 'cart-1' }],
    ['the last event is gone', removed(2), { correlationId: 'one' }],
    ['the last event is gone', removed(3), period],
  ])('is not exported: %s', async (_, change, selection) => {
    await store.tamper(inDatabase(change));
    await expect(exports.open({ selection, by }, signal)).rejects.toMatchObject({ code: 'audit.tampered' });
  });

  it.each<[Selection]>([[{ stream: 'cart-1' }], [{ correlationId: 'one' }], [period]])(
    'is not exported where the log was changed with it: %j',
    async (selection) => {
      await signingTo(target())();
      await store.tamper(inDatabase(changed));
      const event = (await everything())[1] as StoredEvent;
      const change = 'update audit_entries set digest = $1 where position = $2';
      await engines.postgres.query(change, [leafDigest(event), event.position.commit]);
      await expect(exports.open({ selection, by }, signal)).rejects.toMatchObject({
        code: 'audit.tampered',
        message: expect.stringContaining('not what was signed') as string,
      });
    },
  );

  it('is not exported where the log lacks what proofs are made of', async () => {
    await store.append('cart-3', ...numbers(300));
    await logThrough(engines, store);
    await engines.postgres.query('delete from audit_nodes');
    await expect(exports.open({ selection: { stream: 'cart-3' }, by }, signal)).rejects.toMatchObject({
      code: 'audit.tampered',
    });
  });

  it('is not exported where an event was moved beyond what is signed', async () => {
    const sign = signingBefore(async () => {
      const beyond = await store.append('cart-2', 2);
      await logThrough(engines, store);
      await store.tamper(inDatabase((file) => file.swap(positionOf(1), beyond.commit)));
    });
    const opening = openedWith({ sign }).open({ selection: { stream: 'cart-1' }, by }, signal);
    await expect(opening).rejects.toMatchObject({ code: 'audit.tampered' });
  });

  it.each<[Selection]>([[{ stream: 'cart-1' }], [period]])(
    'is not exported where the store has noticed: %j',
    async (selection) => {
      await store.tamper(inDatabase(changed, 'left'));
      await expect(exports.open({ selection, by }, signal)).rejects.toMatchObject({ code: 'audit.tampered' });
    },
  );

  it('is not exported where the store has noticed what nobody has logged yet', async () => {
    const { commit } = await store.append('cart-2', 2);
    await store.append('cart-2', 3);
    await store.tamper(inDatabase((file) => file.change(commit, { data: '{}' }), 'left'));
    await expect(exports.open({ selection: { stream: 'cart-1' }, by }, signal)).rejects.toMatchObject({
      code: 'audit.tampered',
      message: expect.stringContaining(`after position ${positionOf(3)}`) as string,
    });
  });

  it('breaks off a bundle whose first part is sent already', async () => {
    await store.append('cart-3', ...numbers(200));
    await logThrough(engines, store);
    const last = (await everything()).at(-1) as StoredEvent;
    await store.tamper(inDatabase((file) => file.change(last.position.commit, { created: 1 })));
    const file = join(folder, 'broken.tar.gz');
    const bundle = await openedWith({ mostOfPart: 50 }).open({ selection: { stream: 'cart-3' }, by }, signal);
    await expect(pipeline(bundle, createWriteStream(file))).rejects.toMatchObject({ code: 'audit.tampered' });
    expect((await checked(file)).bad.map(({ what }) => what)).toEqual(['archive']);
  });
});

const everything = async (): Promise<readonly StoredEvent[]> => {
  const events: StoredEvent[] = [];
  for await (const batch of store.eventStore.readAll({ after: null })) events.push(...batch);
  return events;
};
