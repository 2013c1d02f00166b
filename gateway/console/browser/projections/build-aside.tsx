import { shownCount, shownDuration } from '../format.js';
import { Mark } from '../parts/mark.js';
import type { BuildProgress } from './projection-api.js';

/** How far a build has come that does not serve yet, and how it compares with the one that does. */
export const BuildAside = ({ name, progress }: Readonly<{ name: string; progress: BuildProgress }>) => {
  const { version, fraction, secondsLeft, rate, isReady, comparison } = progress;
  return (
    <div class="aside">
      <progress
        aria-label={`Build of ${name}`}
        {...(isReady ? { value: 1 } : fraction !== null && { value: fraction })}
        max={1}
      />
      <span>
        v{version} {isReady ? 'ready' : percentOf(fraction)}
        {!isReady && rate > 0 && ` · ${shownCount(Math.round(rate))}/s`}
        {!isReady && secondsLeft !== null && ` · ${shownDuration(secondsLeft * 1_000)} left`}
      </span>
      {comparison && (
        <span>
          <Mark is={comparison.isEqual ? 'equal' : 'different'} /> {shownCount(comparison.rows.aside)} rows, serving{' '}
          {shownCount(comparison.rows.live)}
        </span>
      )}
    </div>
  );
};

const percentOf = (fraction: number | null) => (fraction === null ? '' : `${Math.floor(fraction * 100)} %`);
