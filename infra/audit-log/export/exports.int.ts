import { generateKeyPairSync } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createAuditIndex } from '../audit-index.js';
import { createCheckpoints } from '../checkpoints.js';
import { openSigningKey } from '../signing-key.js';
import { archiveFiles } from '../offline/archive-files.js';
import { checkBundle } from '../offline/check-bundle.js';
import { createReport, type Finding } from '../offline/report.js';
import { newEvent, startAuditedEngines, type AuditedEngines, type AuditedStore } from '../testing/audited-store.js';
import { logThrough } from '../testing/log-through.js';
import type { Manifest, Selection } from './bundle-format.js';
import { createExports, type Exports } from './exports.js';

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
  const { postgres } = engines;
  const notes: string[] = [];
  const target = {
    append: (note: string) => Promise.resolve(void notes.push(note)),
    all: () => Promise.resolve(notes),
  };
  const checkpoints = createCheckpoints({ postgres, target, key: key() });
  exports = createExports({
    ...{ eventStore: store.eventStore, postgres, index: createAuditIndex(postgres), checkpoints, key: key() },
  });
});
afterEach(() => store.end());
afterAll(async () => {
  await engines.end();
  await rm(folder, { recursive: true });
});

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
    const events = [];
    for await (const batch of store.eventStore.readEverything(10)) events.push(...batch);
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
  const touched = async (change: (file: string) => void, selection: Selection) => {
    for (const stream of ['cart-1', 'cart-2', 'cart-1']) {
      const last = stream === 'cart-1' ? numbers(3) : [{ number: 77 }];
      await store.append(stream, ...last);
    }
    await logThrough(engines, store);
    await store.tamper(change);
    return exports.open({ selection, by }, signal);
  };
  it.todo('is not exported');
  void touched;
});
