import { shownCount } from '../format.js';

type ProgressProps = Readonly<{ label: string; done: number; total: number }>;

/** How much of something is done. */
export const Progress = ({ label, done, total }: ProgressProps) => (
  <span class="progress">
    <progress aria-label={label} value={total === 0 ? 1 : done} max={total === 0 ? 1 : total} />
    <span>
      {shownCount(done)} of {shownCount(total)}
    </span>
  </span>
);
