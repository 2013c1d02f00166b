import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { jest } from '@jest/globals';
import { openLog, type EventLog } from '../event-log.js';
import { eventOf, newId } from './changes.js';
import { compareWhole, readToEnd } from './comparison.js';
import { openModel, type Model } from './model.js';

const start = Date.parse('2024-01-01');
let file: string;
let log: EventLog;
let model: Model;

beforeEach(async () => {
  file = join(await mkdtemp(join(tmpdir(), 'event-log-')), 'events.db');
  log = openLog(file);
  model = openModel();
  await atSecond(0, append('s', '{}'));
  await atSecond(10, append('s', '{}'));
  await atSecond(20, append('s', '{}'));
});
afterEach(async () => {
  jest.restoreAllMocks();
  log.close();
  await rm(dirname(file), { recursive: true });
});

type Change = Parameters<EventLog['write']>[0];

const setClock = (second: number) => jest.spyOn(Date, 'now').mockReturnValue(start + second * 1000);

const atSecond = async (second: number, change: Change) => {
  setClock(second);
  change(model);
  await log.write(change);
};

const append = (stream: string, data: string): Change => {
  const event = eventOf({ type: 'T', isJson: true, data, padding: 0 }, newId(model, 0));
  return (writes) => writes.append(stream, 'any', [event]);
};

const revisions = (limit?: number) => readToEnd(log, { source: 's' }, limit).map(({ revision }) => revision);

describe('the age of events', () => {
  beforeEach(() => atSecond(20, append('$$s', '{"$maxAge":15}')));

  it.each([
    [14, [0, 1, 2]],
    [15, [0, 1, 2]],
    [15.001, [1, 2]],
    [25, [1, 2]],
    [25.001, [2]],
    [35, [2]],
    [35.001, []],
  ])('hides at second %s those that are older', (second, readable) => {
    setClock(second);
    expect(revisions()).toEqual(readable);
    expect(revisions(1)).toEqual(readable);
    expect(readToEnd(log, { source: 's', direction: 'backwards' }).map(({ revision }) => revision)).toEqual(
      readable.toReversed(),
    );
    compareWhole(model, log);
  });

  it('leaves the stream and its numbers as they are', async () => {
    setClock(100);
    expect(revisions()).toEqual([]);
    expect(log.stream('s')).toMatchObject({ last: 2, isSoftDeleted: false });
    expect(readToEnd(log, {})).toHaveLength(4);
    await atSecond(100, append('s', '{}'));
    expect(revisions()).toEqual([3]);
    compareWhole(model, log);
  });

  it('counts from when an event was written, after a restart as well', () => {
    log.close();
    log = openLog(file);
    setClock(30);
    expect(revisions()).toEqual([2]);
    compareWhole(model, log);
  });
});

it.each([
  ['{"$maxAge":15,"$maxCount":1}', [2]],
  ['{"$maxAge":5,"$maxCount":3}', [2]],
  ['{"$maxAge":15,"$tb":2}', [2]],
  ['{"$maxAge":0}', [0, 1, 2]],
  ['{"$maxAge":"5"}', [0, 1, 2]],
])('with other limits, %s, the narrowest counts', async (metadata, readable) => {
  await atSecond(20, append('$$s', metadata));
  expect(revisions()).toEqual(readable);
  compareWhole(model, log);
});
