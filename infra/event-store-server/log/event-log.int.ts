import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'libsql';
import { openLog, type EventLog } from './event-log.js';

let folder: string;
let file: string;
let log: EventLog;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'event-store-'));
  file = join(folder, 'events.db');
  log = openLog(file);
});
afterEach(async () => {
  log.close();
  await rm(folder, { recursive: true });
});

const append = (stream: string, sizes: readonly number[] = [10]) =>
  log.write((writes) =>
    writes.append(
      stream,
      'any',
      sizes.map((size) => {
        const metadata = new Uint8Array(0);
        return { id: randomUUID(), type: 'Noted', isJson: false, metadata, data: Buffer.alloc(size, 'x') };
      }),
    ),
  );

const scavenge = () => log.scavenge(Date.now(), () => undefined);
const all = () => log.reads.all('forwards', 0).map(({ stream, revision }) => `${revision}@${stream}`);

it('no longer shows what a scavenge removed', async () => {
  await append('deleted', [10, 20_000, 10]);
  await log.write((writes) => writes.softDelete('deleted', 'any'));
  const [, large] = log.reads.all('forwards', 0);
  await scavenge();
  expect(all()).toEqual(['2@deleted', '0@$$deleted']);
  expect(() => large?.payload()).toThrow('was removed');
});

it('shows nothing that is not durable when a scavenge shares its commit', async () => {
  await append('deleted', [10, 10]);
  await append('known');
  await log.write((writes) => writes.softDelete('deleted', 'any'));
  const seen: unknown[] = [];
  const appended = append('known');
  const scavenged = scavenge();
  const looking = (async () => {
    while (log.head() < 5) {
      seen.push(log.reads.stream('known', 'forwards', 0).length);
      await new Promise((resolve) => setImmediate(resolve));
    }
  })();
  await Promise.all([appended, scavenged, looking]);
  expect(new Set(seen)).toEqual(new Set([1]));
});

it('refuses changes once it is closed', async () => {
  await append('a');
  log.close();
  await expect(append('a')).rejects.toThrow('closed');
  log = openLog(file);
  expect(log.head()).toBe(1);
});

it('lets a change that fails fail alone', async () => {
  const failing = log.write(() => {
    throw new Error('The change fails');
  });
  const appended = [append('a'), append('b')];
  await expect(failing).rejects.toThrow('The change fails');
  expect(await Promise.all(appended)).toMatchObject([{ position: 1 }, { position: 2 }]);
});

it('takes an entry of the index that leads to another stream for damage', async () => {
  await append('mine', [10, 10, 10]);
  await append('other');
  await log.write((writes) => writes.softDelete('other', 'any'));
  await scavenge();
  log.close();
  new Database(file).exec('UPDATE stream_events SET position = 4 WHERE stream = 1 AND revision = 1');
  log = openLog(file);
  expect(() => log.reads.stream('mine', 'forwards', 0)).toThrow('damaged');
});

it('writes again to a deleted stream whose metadata cannot be written', async () => {
  await append('s');
  const nested = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
  const metadata = Buffer.from(`{"$tb":9223372036854775807,"x":${nested}}`);
  await log.write((writes) =>
    writes.append('$$s', 'any', [
      { id: randomUUID(), type: '$metadata', isJson: true, metadata: new Uint8Array(0), data: metadata },
    ]),
  );
  expect(await append('s')).toMatchObject({ type: 'written', last: 1 });
  expect(log.reads.stream('s', 'forwards', 0).map(({ revision }) => revision)).toEqual([1]);
});
