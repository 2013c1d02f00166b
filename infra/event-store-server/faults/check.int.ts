import { randomUUID } from 'node:crypto';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'libsql';
import { checkDatabase } from '../log/check.js';
import { openLog } from '../log/event-log.js';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'event-store-'));
  file = join(folder, 'events.db');
});
afterEach(() => rmSync(folder, { recursive: true }));

const event = (data = 'data of the event') => ({
  id: randomUUID(),
  type: 'Counted',
  isJson: false,
  metadata: Buffer.alloc(0),
  data: Buffer.from(data),
});

/** Enough events that the indexes are written, and some more. */
const fill = async (log: ReturnType<typeof openLog>) => {
  for (const count of [5_000, 4_000, 100])
    await log.write((writes) =>
      writes.append(
        's',
        'any',
        Array.from({ length: count }, () => event()),
      ),
    );
  await log.write((writes) => writes.append('gone', 'any', [event()]));
  await log.write((writes) => writes.tombstone('gone', 'any'));
  await log.write((writes) => writes.append('large', 'any', [event('x'.repeat(100_000))]));
};

const leaveFilled = async () => {
  const log = openLog(file);
  await fill(log);
  log.close();
};

/** Changes the database behind the server's back. */
const change = (sql: string) => {
  const database = new Database(file);
  database.exec(sql);
  database.close();
};

it('finds nothing in an intact database, open or not', async () => {
  const log = openLog(file);
  await fill(log);
  const steps: string[] = [];
  const expected = { events: 9_103, streams: 3, findings: [] };
  expect(await checkDatabase(file, ({ step, done, total }) => steps.push(`${step} ${done}/${total}`))).toEqual(
    expected,
  );
  expect(steps).toContain('events 9103/9103');
  log.close();
  expect(await checkDatabase(file)).toEqual(expected);
});

it('leaves the log of a killed server as it is', async () => {
  const source = join(folder, 'source.db');
  const log = openLog(source);
  await fill(log);
  copyFileSync(source, file);
  copyFileSync(`${source}-wal`, `${file}-wal`);
  log.close();
  const before = [file, `${file}-wal`].map((name) => readFileSync(name, 'latin1'));
  expect(await checkDatabase(file)).toMatchObject({ events: 9_103, findings: [] });
  expect([file, `${file}-wal`].map((name) => readFileSync(name, 'latin1'))).toEqual(before);
});

it('finds nothing wrong where older events were removed', async () => {
  const log = openLog(file);
  await fill(log);
  const metadata = { ...event('{"$maxCount":2}'), type: '$metadata', isJson: true };
  await log.write((writes) => writes.append('$$s', 'any', [metadata]));
  await log.scavenge(Date.now(), () => undefined);
  log.close();
  expect(await checkDatabase(file)).toEqual({ events: 5, streams: 4, findings: [] });
});

it.each([
  ['an event that is gone', 'DELETE FROM events WHERE position = 70', /The event 70@s, .* follows revision 68/],
  ['events that are gone', 'DELETE FROM events WHERE position < 7', /The event 6@s, .* follows revision none/],
  ['other data', "UPDATE events SET data = x'00' WHERE position = 9", /9, is not what was written/],
  ['another revision', 'UPDATE events SET revision = 99999 WHERE position = 9100', /those between are lost/],
  ['a type that is no text', "UPDATE events SET type = CAST(x'ff' AS TEXT) WHERE position = 9", /9, is not what was/],
  ['another size', 'UPDATE events SET size = 1 WHERE position = 9', /9, has another size/],
  [
    'an unknown stream',
    "PRAGMA foreign_keys = OFF; DELETE FROM streams WHERE name = 'large'",
    /@the unknown stream \d+, .* has no stream/,
  ],
  ['a lost entry of a stream', 'DELETE FROM stream_events WHERE revision = 8', /9, is not in the index of streams/],
  ['a lost entry of an id', 'DELETE FROM event_ids WHERE position = 9', /9, is not in the index of ids/],
  [
    'an entry too many',
    'INSERT INTO stream_events VALUES (99, 1, 1)',
    /The index of streams has 9001 entries for 9000/,
  ],
  ['an id too many', 'INSERT INTO event_ids VALUES (1, 1)', /The index of ids has 9001 entries for 9000 events/],
])('finds %s', async (_what, sql, sentence) => {
  await leaveFilled();
  change(sql);
  const { findings } = await checkDatabase(file);
  expect(findings).toContainEqual(expect.stringMatching(sentence));
});

it('finds flipped bytes, wherever they lie', async () => {
  await leaveFilled();
  const bytes = readFileSync(file);
  const at = bytes.indexOf('data of the event', 5 * 4096);
  bytes.write('dada', at);
  writeFileSync(file, bytes);
  expect((await checkDatabase(file)).findings).toContainEqual(expect.stringContaining('is not what was written'));
  bytes.write('data', at);
  bytes.fill(0xff, 40 * 4096, 40 * 4096 + 12);
  writeFileSync(file, bytes);
  expect((await checkDatabase(file)).findings).not.toEqual([]);
});

it('does not take what is no event store', async () => {
  writeFileSync(file, 'hello');
  await expect(checkDatabase(file)).rejects.toThrow('is not an SQLite database');
  rmSync(file);
  await expect(checkDatabase(file)).rejects.toThrow('There is no database');
});
