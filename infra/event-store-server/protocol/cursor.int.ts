import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openCursor, type Cursor } from './cursor.js';
import type { Filter } from '../rules/filter.js';
import { openLog, type EventLog } from '../log/event-log.js';
import type { ProposedEvent } from '../log/recorded-event.js';

let folder: string;
let log: EventLog;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'event-store-'));
  log = openLog(join(folder, 'events.db'));
});
afterEach(async () => {
  log.close();
  await rm(folder, { recursive: true });
});

const events = (count: number, type: string): ProposedEvent[] =>
  Array.from({ length: count }, () => ({
    id: randomUUID(),
    type,
    isJson: true,
    metadata: new Uint8Array(0),
    data: Buffer.from('{}'),
  }));

const append = (stream: string, count: number, type = 'Counted') =>
  log.write((writes) => writes.append(stream, 'any', events(count, type)));

const onStream = (prefix: string): Filter => ({ on: 'stream', prefixes: [prefix], regex: /(?:)/ });
const onType = (regex: RegExp): Filter => ({ on: 'type', prefixes: [], regex });

const open = (filter: Filter, from = 1) =>
  openCursor(log.reads, { source: undefined, direction: 'forwards', from, filter });

/** All that a cursor comes by until it is at the end. */
const readToEnd = (next: Cursor) => {
  const considered: number[] = [];
  const matched: number[] = [];
  for (;;) {
    const { passed, isLast } = next();
    considered.push(...passed.map(({ position }) => position));
    matched.push(...passed.flatMap(({ event }) => event?.position ?? []));
    if (isLast) return { considered, matched };
  }
};

const upTo = (last: number, first = 1) => Array.from({ length: last - first + 1 }, (_, index) => first + index);

describe('a cursor with a filter, over a long log', () => {
  const isWanted = (position: number) => position % 1000 > 990;
  beforeEach(async () => {
    for (let round = 0; round < 12; round += 1) {
      await append('unwanted-1', 990);
      await append('wanted-1', 9, 'Wanted');
      await append('unwanted-2', 1);
    }
  });

  it.each([
    ['a prefix of the stream', onStream('wanted-')],
    ['an expression on the type', onType(/^Want/)],
  ])('passes every position once and lets through what has %s', (_which, filter) =>
    expect(readToEnd(open(filter))).toEqual({
      considered: upTo(12_000),
      matched: upTo(12_000).filter((position) => isWanted(position)),
    }),
  );

  it('begins where it is told to', () =>
    expect(readToEnd(open(onStream('wanted-'), 5_995)).matched).toEqual(
      upTo(12_000, 5_995).filter((position) => isWanted(position)),
    ));

  it.each([
    ['nothing', onStream('nobody-'), 0],
    ['all', onStream(''), 12_000],
  ])('lets %s through', (_what, filter, count) => expect(readToEnd(open(filter)).matched).toHaveLength(count));

  it('goes on with what is appended while it reads', async () => {
    const next = open(onStream('wanted-'));
    expect(next().isLast).toBe(false);
    await append('wanted-1', 2_000);
    expect(readToEnd(next).matched.slice(-2_000)).toEqual(upTo(14_000, 12_001));
  });

  it('passes over the holes that a scavenge leaves', async () => {
    await log.write((writes) => writes.tombstone('unwanted-1', 'any'));
    await log.scavenge(Date.now(), () => undefined);
    const { considered, matched } = readToEnd(open(onStream('wanted-')));
    expect(matched).toEqual(upTo(12_000).filter((position) => isWanted(position)));
    expect(considered).toEqual([
      ...upTo(12_000).filter((position) => position % 1000 === 0 || isWanted(position)),
      12_001,
    ]);
  });
});
