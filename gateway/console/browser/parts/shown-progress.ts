import { shownCount } from '../format.js';

/** What `progress` is given, and the words beside it. A bar without a value says that nobody knows how much there is. */
export type ShownProgress = Readonly<{ bar: Readonly<{ value?: number; max?: number }>; words: string }>;

/** Progress for people. @param total is 0 until the work has begun. */
export const shownProgress = ({ done, total }: Readonly<{ done: number; total: number }>): ShownProgress =>
  total === 0
    ? { bar: {}, words: 'not begun yet' }
    : { bar: { value: done, max: total }, words: `${shownCount(done)} of ${shownCount(total)}` };
