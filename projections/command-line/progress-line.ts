import type { Progress, ProjectionStatus } from '../shared/projection-status.js';

const barWidth = 30;

/** In one line how far the build is that is made of a view. */
export const progressLine = ({ name, state, version, progress, builds }: ProjectionStatus): string => {
  if (!builds) return `${name}: its store does not answer now`;
  if (!progress) return `${name}: no build is made now`;
  const bar = `${name} ${barOf(progress.fraction)}`;
  if (state === 'stopped') return `${bar} goes on once the projections run and reach its store`;
  if (!progress.isReady) return `${bar} ${figuresOf(progress)}`;
  if (progress.comparison === null && progress.version === version)
    return `${bar} is compared with the one that serves`;
  return progress.switches ? `${bar} begins to serve` : `${bar} has caught up`;
};

const barOf = (fraction: number | null): string => {
  const done = Math.floor((fraction ?? 0) * barWidth);
  const share = fraction === null ? '  ? %' : `${String(Math.floor(fraction * 100)).padStart(3)} %`;
  return `[${'#'.repeat(done)}${'-'.repeat(barWidth - done)}] ${share}`;
};

const figuresOf = ({ rate, secondsLeft }: Progress): string => {
  const left = secondsLeft === null ? '' : `, about ${spanOf(secondsLeft)} left`;
  return `${Math.round(rate).toLocaleString('en')} events/s${left}`;
};

const spanOf = (seconds: number): string => {
  if (seconds < 120) return `${seconds} s`;
  return seconds < 7_200 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3_600)} h`;
};
