import { jest } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLog, type EventLog } from './event-log.js';
import type { ProposedEvent } from './recorded-event.js';

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

const event = (text: string, type = 'Noted'): ProposedEvent => ({
  id: randomUUID(),
  type,
  isJson: false,
  metadata: new Uint8Array(0),
  data: Buffer.from(text),
});

const append = (stream: string, ...texts: readonly string[]) =>
  log.write((writes) =>
    writes.append(
      stream,
      'any',
      texts.map((text) => event(text)),
    ),
  );

const setMetadata = (stream: string, metadata: object) =>
  log.write((writes) => writes.append(`$$${stream}`, 'any', [event(JSON.stringify(metadata), '$metadata')]));

const scavenge = () => log.scavenge(Date.now(), () => undefined);

const textsOf = (stream: string) =>
  log.reads.stream(stream, 'forwards', 0).map(({ payload }) => Buffer.from(payload().data).toString());

/** Stream and revision of all that is left in the log. */
const left = () => log.reads.all('forwards', 0).map(({ stream, revision }) => `${revision}@${stream}`);

const numbered = (count: number) => Array.from({ length: count }, (_, index) => `text ${index}`);

it('removes what truncation hides, and leaves the rest as it was', async () => {
  await append('counted', ...numbered(5));
  await append('before', ...numbered(5));
  await append('kept', ...numbered(2));
  await setMetadata('counted', { $maxCount: 2 });
  await setMetadata('before', { $tb: 1 });
  await setMetadata('before', { $tb: 3 });
  const shown = ['counted', 'before', 'kept'].map(textsOf);
  expect(await scavenge()).toMatchObject({ removed: 3 + 3 + 1 });
  expect(['counted', 'before', 'kept'].map(textsOf)).toEqual(shown);
  expect(left()).toEqual([
    ...['3@counted', '4@counted', '3@before', '4@before', '0@kept', '1@kept'],
    ...['0@$$counted', '1@$$before'],
  ]);
});

it('removes what is older than the stream keeps', async () => {
  const clock = jest.spyOn(Date, 'now').mockReturnValue(1_000_000);
  await append('aged', 'old', 'old, too');
  clock.mockReturnValue(2_000_000);
  await append('aged', 'young');
  await setMetadata('aged', { $maxAge: 500 });
  await scavenge();
  clock.mockRestore();
  expect(left()).toEqual(['2@aged', '0@$$aged']);
});

it('leaves a deleted stream its last event, so that it goes on where it was', async () => {
  await append('deleted', ...numbered(3));
  await log.write((writes) => writes.softDelete('deleted', 'any'));
  await scavenge();
  expect(left()).toEqual(['2@deleted', '0@$$deleted']);
  await append('deleted', 'new');
  expect(log.stream('deleted').last).toBe(3);
  expect(textsOf('deleted')).toEqual(['new']);
});

it('leaves of a stream with a tombstone nothing else, and no metadata', async () => {
  await append('closed', ...numbered(3));
  await setMetadata('closed', { owner: 'nobody' });
  await log.write((writes) => writes.tombstone('closed', 'any'));
  await scavenge();
  expect(left()).toEqual([`${Number.MAX_SAFE_INTEGER}@closed`]);
  log.close();
  log = openLog(file);
  expect(await log.write((writes) => writes.append('closed', 'any', [event('more')]))).toEqual({ type: 'deleted' });
});

it('gives no position twice, also after a restart', async () => {
  await append('closed', ...numbered(3));
  await log.write((writes) => writes.tombstone('closed', 'any'));
  const head = log.head();
  await scavenge();
  log.close();
  log = openLog(file);
  expect(log.head()).toBe(head);
  expect(await append('next', 'first')).toMatchObject({ position: head + 1 });
});

it('leaves no trace of it in the files, which get smaller', async () => {
  const secret = 'something that somebody wants to have removed ';
  for (let round = 0; round < 20; round += 1) await append('deleted', ...numbered(100).map(() => secret.repeat(5)));
  await append('deleted', 'the last');
  await log.write((writes) => writes.softDelete('deleted', 'any'));
  const contents = () => [file, `${file}-wal`].map((name) => readFileSync(name).toString('latin1')).join('');
  expect(contents()).toContain(secret);
  const before = statSync(file).size + statSync(`${file}-wal`).size;
  await scavenge();
  expect(contents()).not.toContain(secret);
  expect(statSync(file).size + statSync(`${file}-wal`).size).toBeLessThan(before / 4);
});

it('lets appends and reads go on', async () => {
  await append('deleted', ...numbered(5_000));
  await append('kept', ...numbered(3));
  await log.write((writes) => writes.softDelete('deleted', 'any'));
  const steps: number[] = [];
  const appended: Promise<unknown>[] = [];
  await log.scavenge(Date.now(), ({ removed }) => {
    steps.push(removed);
    appended.push(append('kept', `during ${removed}`));
  });
  await Promise.all(appended);
  expect(steps.length).toBeGreaterThan(5);
  expect(steps.at(-1)).toBe(4_999);
  expect(textsOf('kept')).toEqual([...numbered(3), ...steps.map((removed) => `during ${removed}`)]);
});

it('knows a repeat of what it left, but not of what it removed', async () => {
  const [removed, last] = [event('removed'), event('last')];
  await log.write((writes) => writes.append('short', 'any', [removed, last]));
  await setMetadata('short', { $maxCount: 1 });
  await scavenge();
  const again = (expected: 'any' | number, proposed: ProposedEvent) =>
    log.write((writes) => writes.append('short', expected, [proposed]));
  expect(await again(0, last)).toMatchObject({ type: 'written', last: 1 });
  expect(await again('any', last)).toMatchObject({ type: 'written', last: 1 });
  expect(await again('any', removed)).toMatchObject({ type: 'written', last: 2 });
});
