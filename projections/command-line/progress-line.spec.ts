import type { Progress, ProjectionStatus } from '../shared/projection-status.js';
import { progressLine } from './progress-line.js';

const progress: Progress = {
  ...{ version: 1, position: '21', fraction: 0.5, secondsLeft: 90, rate: 1234.5 },
  ...{ isReady: false, switches: false, comparison: null },
};
const stock: ProjectionStatus = {
  ...{ name: 'stock', store: 'postgres', categories: ['stock'], version: 1, state: 'rebuilding', position: '42' },
  ...{ lagEvents: 0, lagSeconds: 0, rate: 0, parkedKeys: 0, canRollBack: false },
  ...{ builds: { live: 1, previous: null, aside: 2, begun: 2 }, progress },
};
const lineOf = (over: Partial<Progress>, status: Partial<ProjectionStatus> = {}) =>
  progressLine({ ...stock, ...status, progress: { ...progress, ...over } });

const half = `stock [${'#'.repeat(15)}${'-'.repeat(15)}]  50 %`;
const whole = `stock [${'#'.repeat(30)}] 100 %`;
const ready = { fraction: 1, isReady: true, secondsLeft: 0 };
const comparison: NonNullable<Progress['comparison']> = {
  ...{ position: '42', isEqual: true },
  ...{ rows: { live: 1, aside: 1 }, checksums: { live: 'a', aside: 'a' }, leftOut: 0 },
};

describe('the line of a build', () => {
  it.each<[string, Partial<Progress>, Partial<ProjectionStatus>, string]>([
    ['how fast it is and how long it takes', {}, {}, `${half} 1,235 events/s, about 90 s left`],
    ['minutes', { secondsLeft: 600 }, {}, `${half} 1,235 events/s, about 10 min left`],
    ['hours', { secondsLeft: 10_800 }, {}, `${half} 1,235 events/s, about 3 h left`],
    ['no end that is not known', { secondsLeft: null }, {}, `${half} 1,235 events/s`],
    ['that nobody keeps it', {}, { state: 'stopped' }, `${half} goes on once the projections run and reach its store`],
    ['that it is compared', ready, {}, `${whole} is compared with the one that serves`],
    ['that it was compared', { ...ready, comparison }, {}, `${whole} has caught up`],
    ['that another version has caught up', ready, { version: 2 }, `${whole} has caught up`],
    ['that it is switched to', { ...ready, comparison, switches: true }, {}, `${whole} begins to serve`],
  ])('tells %s', (_, over, status, line) => expect(lineOf(over, status)).toBe(line));

  it('tells no share without the event store', () => {
    expect(lineOf({ fraction: null })).toContain(`[${'-'.repeat(30)}]   ? %`);
  });

  it('tells that there is none', () => {
    const { progress: _, ...idle } = stock;
    expect(progressLine(idle)).toBe('stock: no build is made now');
    expect(progressLine({ ...idle, builds: null })).toBe('stock: its store does not answer now');
  });
});
