import type { Message } from '../../domains/shared/decider.js';
import type { Projection } from '../shared/projection.js';
import { foldRows, groupByKey, PoisonEvent, type StoredRow } from './fold.js';
import { event } from './testing/events.js';

type Counted = Message<'Counted', { by: number }> | Message<'Forgotten', object> | Message<'Ignored', object>;
type Count = Readonly<{ sum: number; at: string }>;

const counts: Projection<Counted, Count> = {
  name: 'counts',
  version: 1,
  store: 'postgres',
  categories: ['count'],
  key: ({ streamId, type }) => (type === 'Ignored' ? null : streamId),
  project: ({ type, data, at }, row) => {
    if (type === 'Forgotten') return null;
    if (type === 'Ignored') return row;
    if (Number.isNaN(data.by)) throw new RangeError('not a number');
    return data.by === 0 ? row : { sum: (row?.sum ?? 0) + data.by, at };
  },
};

const counted = (streamId: string, position: number, by: number) => event(streamId, position, 'Counted', { by });
const forgotten = (streamId: string, position: number) => event(streamId, position, 'Forgotten', {});
const fold = (batch: ReturnType<typeof event>[], stored: Record<string, StoredRow<Count>> = {}) =>
  Object.fromEntries(foldRows(counts, groupByKey(counts, batch), new Map(Object.entries(stored))));
const row = (sum: number, position: number) => ({
  row: { sum, at: event('', position, '', {}).metadata.at },
  position: BigInt(position),
});

describe('a batch', () => {
  it('changes each row once, by all of its events', () =>
    expect(fold([counted('count-a', 1, 1), counted('count-b', 2, 5), counted('count-a', 3, 2)])).toEqual({
      'count-a': row(3, 3),
      'count-b': row(5, 2),
    }));

  it('goes on from the rows that are kept', () =>
    expect(fold([counted('count-a', 2, 2)], { 'count-a': row(1, 1) })).toEqual({ 'count-a': row(3, 2) }));

  it('changes nothing when it comes again', () => {
    const batch = [counted('count-a', 1, 1), counted('count-a', 2, 2), forgotten('count-b', 3)];
    expect(fold(batch, { ...fold(batch), 'count-b': { row: null, position: 3n } })).toEqual({});
  });

  it('changes what it had not come to when it comes again', () => {
    const batch = [counted('count-a', 1, 1), counted('count-b', 2, 2), counted('count-a', 3, 4)];
    expect(fold(batch, { 'count-a': row(5, 3) })).toEqual({ 'count-b': row(2, 2) });
    expect(fold(batch, { 'count-a': row(1, 1), 'count-b': row(2, 2) })).toEqual({ 'count-a': row(5, 3) });
  });

  it('leaves out rows that it does not change', () =>
    expect(
      fold([counted('count-a', 2, 0), event('count-b', 3, 'Ignored', {}), forgotten('count-c', 4)], {
        'count-a': row(1, 1),
      }),
    ).toEqual({}));

  it('takes rows away, and makes them anew', () => {
    const stored = { 'count-a': row(1, 1), 'count-b': row(1, 1) };
    expect(fold([forgotten('count-a', 2), forgotten('count-b', 3), counted('count-b', 4, 7)], stored)).toEqual({
      'count-a': { row: null, position: 2n },
      'count-b': row(7, 4),
    });
  });

  it('names the event that the projection throws on', () => {
    const poisonous = counted('count-a', 2, NaN);
    const name = { streamId: 'count-a', revision: poisonous.revision };
    const refusal = {
      name: PoisonEvent.name,
      event: expect.objectContaining(name) as object,
      cause: expect.any(RangeError) as Error,
    };
    expect(() => fold([counted('count-a', 1, 1), poisonous])).toThrow(expect.objectContaining(refusal) as Error);
  });
});
