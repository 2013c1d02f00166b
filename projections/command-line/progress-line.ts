import { progressBar } from '../../infra/process/progress-bar.js';
import type { Progress, ProjectionStatus } from '../shared/projection-status.js';

/** In one line how far the build is that is made of a view. */
export const progressLine = ({ name, state, version, progress, builds }: ProjectionStatus): string => {
  if (!builds) return `${name}: its store does not answer now`;
  if (!progress) return `${name}: no build is made now`;
  const bar = `${name} ${progressBar(progress.fraction)}`;
  if (state === 'stopped') return `${bar} goes on once the projections run and reach its store`;
  if (!progress.isReady) return `${bar} ${figuresOf(progress)}`;
  if (progress.comparison === null && progress.version === version)
    return `${bar} is compared with the one that serves`;
  return progress.switches ? `${bar} begins to serve` : `${bar} has caught up`;
};

const figuresOf = ({ rate, secondsLeft }: Progress): string => {
  const left = secondsLeft === null ? '' : `, about ${spanOf(secondsLeft)} left`;
  return `${Math.round(rate).toLocaleString('en')} events/s${left}`;
};

const spanOf = (seconds: number): string => {
  if (seconds < 120) return `${seconds} s`;
  return seconds < 7_200 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3_600)} h`;
};
