import type { Message } from '../../domains/shared/decider.js';
import type { Projection, Tally } from '../shared/projection.js';
import { foldAdditions, foldRows, PoisonEvents, type StoredRow } from './fold.js';
import { keyEvents, type KeyedEvent } from './keyed.js';
import { event } from './testing/events.js';

type Counted = Message<'Counted', { by: number }> | Message<'Forgotten', object> | Message<'Ignored', object>;
type Count = Readonly<{ sum: number; at: string }>;

const counts: Projection<Counted, Count> = {
  name: 'counts',
  version: 1,
  store: 'postgres',
  categories: ['count'],
  key: ({ streamId }) => streamId,
  project: ({ type, data, at }, row) => {
    if (type === 'Forgotten') return null;
    if (type === 'Ignored') return row;
    if (Number.isNaN(data.by)) throw new RangeError('not a number');
    return data.by === 0 ? row : { sum: (row?.sum ?? 0) + data.by, at };
  },
  change: ({ type }, row) => ({ type, sum: row?.sum ?? null }),
};

const counted = (streamId: string, position: number, by: number) => event(streamId, position, 'Counted', { by });
const forgotten = (streamId: string, position: number) => event(streamId, position, 'Forgotten', {});

const groupsOf = (batch: readonly ReturnType<typeof event>[]) => {
  const keyed = keyEvents(
    { key: ({ streamId }: Readonly<{ streamId: string }>) => streamId },
    batch.map((stored) => ({ stored, event: stored })),
  );
  const groups = new Map<string, readonly KeyedEvent[]>();
  for (const each of keyed) groups.set(each.key, [...(groups.get(each.key) ?? []), each]);
  return groups;
};
const never = () => false;
const always = () => true;
const fold = (
  batch: readonly ReturnType<typeof event>[],
  stored: Readonly<Record<string, StoredRow<Count>>> = {},
  isGivenUp: (event: KeyedEvent) => boolean = never,
) => foldRows(counts, groupsOf(batch), new Map(Object.entries(stored)), isGivenUp);
const rowsAfter = (...given: Parameters<typeof fold>) => Object.fromEntries(fold(...given).rows);
const row = (sum: number, position: number) => ({
  row: { sum, at: event('', position, '', {}).metadata.at },
  position: BigInt(position),
});
const places = (left: ReturnType<typeof fold>['leftBehind']) =>
  left.map(({ event: { stored } }) => `${stored.streamId}@${stored.revision}`);

describe('a batch', () => {
  it('changes each row once, by all of its events', () =>
    expect(rowsAfter([counted('count-a', 1, 1), counted('count-b', 2, 5), counted('count-a', 3, 2)])).toEqual({
      'count-a': row(3, 3),
      'count-b': row(5, 2),
    }));

  it('goes on from the rows that are kept', () =>
    expect(rowsAfter([counted('count-a', 2, 2)], { 'count-a': row(1, 1) })).toEqual({ 'count-a': row(3, 2) }));

  it('changes nothing when it comes again', () => {
    const batch = [counted('count-a', 1, 1), counted('count-a', 2, 2), forgotten('count-b', 3)];
    const again = fold(batch, { ...rowsAfter(batch), 'count-b': { row: null, position: 3n } });
    expect([again.rows.size, again.changes]).toEqual([0, []]);
  });

  it('changes what it had not come to when it comes again', () => {
    const batch = [counted('count-a', 1, 1), counted('count-b', 2, 2), counted('count-a', 3, 4)];
    expect(rowsAfter(batch, { 'count-a': row(5, 3) })).toEqual({ 'count-b': row(2, 2) });
    expect(rowsAfter(batch, { 'count-a': row(1, 1), 'count-b': row(2, 2) })).toEqual({ 'count-a': row(5, 3) });
  });

  it('leaves out rows that it does not change', () =>
    expect(
      rowsAfter([counted('count-a', 2, 0), event('count-b', 3, 'Ignored', {}), forgotten('count-c', 4)], {
        'count-a': row(1, 1),
      }),
    ).toEqual({}));

  it('takes rows away, and makes them anew', () => {
    const stored = { 'count-a': row(1, 1), 'count-b': row(1, 1) };
    expect(rowsAfter([forgotten('count-a', 2), forgotten('count-b', 3), counted('count-b', 4, 7)], stored)).toEqual({
      'count-a': { row: null, position: 2n },
      'count-b': row(7, 4),
    });
  });

  it('tells of each change, and of nothing that changes nothing', () =>
    expect(fold([counted('count-a', 1, 1), counted('count-a', 2, 0), forgotten('count-a', 3)]).changes).toEqual([
      { position: 1n, key: 'count-a', change: { type: 'Counted', sum: 1 } },
      { position: 3n, key: 'count-a', change: { type: 'Forgotten', sum: null } },
    ]));
});

describe('an event that the projection throws on', () => {
  const batch = [
    counted('count-a', 1, 1),
    counted('count-a', 2, NaN),
    counted('count-b', 3, NaN),
    counted('count-a', 4, 2),
    counted('count-c', 5, 5),
  ];
  const thrownBy = (work: () => unknown): PoisonEvents => {
    try {
      work();
    } catch (error) {
      if (error instanceof PoisonEvents) return error;
    }
    throw new Error('It threw nothing of the kind');
  };

  it('is named, with those of other keys', () =>
    expect(places(thrownBy(() => fold(batch)).events)).toEqual(['count-a@2', 'count-b@3']));

  it('is named alone where the other is given up', () => {
    const isGivenUp = ({ key }: KeyedEvent) => key === 'count-a';
    expect(places(thrownBy(() => fold(batch, {}, isGivenUp)).events)).toEqual(['count-b@3']);
  });

  it('is left behind with all that follow of its key once it is given up, and other keys go on', () => {
    const { rows, leftBehind } = fold(batch, {}, always);
    expect(Object.fromEntries(rows)).toEqual({ 'count-a': row(1, 1), 'count-c': row(5, 5) });
    expect(places(leftBehind)).toEqual(['count-a@2', 'count-a@4', 'count-b@3']);
  });

  it('is passed where its row holds its outcome already', () =>
    expect(fold([counted('count-a', 2, NaN)], { 'count-a': row(1, 2) })).toMatchObject({ leftBehind: [] }));
});

describe('a tally', () => {
  const totals: Tally<Message<'Counted', { by: number }>> = {
    name: 'totals',
    version: 1,
    store: 'postgres',
    categories: ['count'],
    key: ({ streamId }) => streamId,
    additions: ({ data }) => [
      { row: 'all', add: { sum: data.by, times: 1 } },
      { row: 'sums', add: { sum: data.by } },
    ],
  };

  it('sums what events of all keys add to a row, up to the last of them', () =>
    expect(
      Object.fromEntries(
        foldAdditions(
          totals,
          groupsOf([counted('count-b', 1, 1), counted('count-a', 3, 2), counted('count-b', 2, 4)]),
          never,
        ).rows,
      ),
    ).toEqual({
      all: { add: { sum: 7, times: 3 }, position: 3n },
      sums: { add: { sum: 7 }, position: 3n },
    }));

  it.each([NaN, 0.5, Infinity])('leaves behind an event that adds %d, with nothing of it added', (by) => {
    const groups = groupsOf([counted('count-a', 1, 1), counted('count-a', 2, by), counted('count-a', 3, 1)]);
    expect(() => foldAdditions(totals, groups, never)).toThrow(PoisonEvents);
    const { rows, leftBehind } = foldAdditions(totals, groups, always);
    expect(rows.get('all')).toEqual({ add: { sum: 1, times: 1 }, position: 1n });
    expect(places(leftBehind)).toEqual(['count-a@2', 'count-a@3']);
  });
});
