import { generateKeyPairSync } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { StoredEvent } from '../../event-store/stored-event.js';
import { createAuditIndex } from '../audit-index.js';
import { openCheckpointTarget } from '../checkpoint-target.js';
import { createCheckpoints } from '../checkpoints.js';
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
  const target = openCheckpointTarget(join(store.folder, 'checkpoints.ndjson'));
  const { make } = createCheckpoints({ postgres, target, key: key() });
  const { eventStore } = store;
  return createExports({ eventStore, postgres, index: createAuditIndex(postgres), key: key(), sign: make, ...more });
};

const key = () => openSigningKey(join(folder, 'key.pem'));
const { signal } = new AbortController();
const by = '4f6c2a1e-8f39-5d0e-9c61-0f7f6b9f5a10';

/** Exports into a file, and gives what is in it. */
const exported = async (selection: Selection) => {
  const file = join(folder, 'bundle.tar.gz');
  await pipeline(await exports.open({ selection, by }, signal), createWriteStream(file));
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
    ['the last event is gone', removed(2), { stream: 'cart-1' }],
    ['the last event is gone', removed(2), { correlationId: 'one' }],
    ['the last event is gone', removed(3), period],
  ])('is not exported: %s', async (_, change, selection) => {
    await store.tamper(inDatabase(change));
    await expect(exports.open({ selection, by }, signal)).rejects.toMatchObject({ code: 'audit.tampered' });
  });

  it('is not exported where the store has noticed', async () => {
    await store.tamper(inDatabase(changed, 'left'));
    await expect(exports.open({ selection: { stream: 'cart-1' }, by }, signal)).rejects.toMatchObject({
      code: 'audit.tampered',
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
