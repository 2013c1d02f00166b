import type { Message } from '../../../domains/shared/decider.js';
import type { Projection } from '../../shared/projection.js';

export type Counted = Message<'Counted', { by: number }> | Message<'Forgotten', object>;

/** Sums and how often they changed: what comes twice, or not at all, shows. */
export type Count = Readonly<{ sum: number; times: number }>;

/** Tests only. A view of one category, `count` by default. */
export const countsView = (
  store: 'postgres' | 'mongodb',
  { version = 1, name = `counts_${store}`, category = 'count' } = {},
): Projection<Counted, Count> => ({
  name,
  version,
  store,
  categories: [category],
  key: ({ streamId }) => streamId,
  project: ({ type, data }, row) => {
    if (type === 'Forgotten') return null;
    if (data.by < 0) throw new RangeError('It only counts up');
    return { sum: (row?.sum ?? 0) + data.by, times: (row?.times ?? 0) + 1 };
  },
});
