import type { ProjectedEvent } from '../shared/projection.js';
import { keyEvents } from './keyed.js';
import { partitionOf } from './partition.js';
import { event } from './testing/events.js';

const byUser = (projected: ProjectedEvent): string | null => {
  const { userId } = projected.data as Readonly<{ userId?: string | null }>;
  if (userId === undefined) throw new TypeError('Nobody');
  return userId;
};
const added = event('cart-1', 7, 'Added', { userId: 'u1' });
const keyed = (...batch: Parameters<typeof keyEvents>[1]) => keyEvents({ key: byUser }, batch);

describe('an event of a batch', () => {
  it('goes by its key, in its partition, with what a projection sees of it', () =>
    expect(keyed({ stored: added, event: added })).toEqual([
      {
        stored: added,
        key: 'u1',
        partition: partitionOf('u1'),
        projected: { type: 'Added', data: added.data, streamId: 'cart-1', revision: 7, at: added.metadata.at },
      },
    ]));

  it('is left out where it has none', () => {
    const nobodys = event('cart-1', 7, 'Added', { userId: null });
    expect(keyed({ stored: nobodys, event: nobodys })).toEqual([]);
  });

  it('is seen in its present shape, and kept as stored', () => {
    const upcast = { ...added, data: { userId: 'u2' } };
    expect(keyed({ stored: added, event: upcast })).toMatchObject([{ stored: added, key: 'u2' }]);
  });

  it('that cannot be read goes by the key in its data as stored', () => {
    const error = new Error('no upcaster');
    expect(keyed({ stored: added, error })).toEqual([
      { stored: added, key: 'u1', partition: partitionOf('u1'), error },
    ]);
  });

  it.each([
    ['that cannot be read and names no key', { error: new Error('no upcaster') }],
    ['whose key cannot be told', { event: event('cart-a-1', 8, 'Added', {}) }],
  ])('%s goes by the id of its stream', (_, read) => {
    const stored = event('cart-a-1', 8, 'Added', {});
    expect(keyed({ stored, ...read })).toMatchObject([{ key: 'a-1', error: expect.any(Error) as Error }]);
  });
});
