import type { Progress, ProjectionStatus } from '../shared/projection-status.js';
import { followBuild, isReadyToSwitch } from './follow-build.js';

const progress: Progress = {
  ...{ version: 1, position: '42', fraction: 1, secondsLeft: 0, rate: 0 },
  ...{ isReady: true, switches: false },
  comparison: {
    position: '42',
    isEqual: true,
    rows: { live: 1, aside: 1 },
    checksums: { live: 'a', aside: 'a' },
    leftOut: 0,
  },
};
const stock: ProjectionStatus = {
  ...{ name: 'stock', store: 'postgres', categories: ['stock'], version: 1, state: 'rebuilding', position: '42' },
  ...{ lagEvents: 0, lagSeconds: 0, rate: 0, parkedKeys: 0, canRollBack: false },
  ...{ builds: { live: 1, previous: null, aside: 2, begun: 2 }, progress },
};

describe('whoever follows a build', () => {
  const follow = (build: number, status: ProjectionStatus) => {
    const said: string[] = [];
    const look = () => Promise.resolve(status);
    const followed = followBuild(build, { look, isDone: isReadyToSwitch, say: (line) => said.push(line) });
    return { followed, said };
  };
  const gone = { live: 1, previous: null, aside: null, begun: 2 };
  const { progress: _, ...idle } = stock;

  it('is done when it serves', async () => {
    const { followed, said } = follow(1, { ...idle, builds: gone });
    expect(await followed).toMatchObject({ name: 'stock' });
    expect(said).toEqual([]);
  });

  it('is done when it can', async () => expect(await follow(2, stock).followed).toBe(stock));

  it.each([
    ['it was dropped', { ...idle, builds: gone }],
    ['another is made instead', { ...stock, builds: { live: 1, previous: null, aside: 3, begun: 3 } }],
  ])('is told that %s', async (_what, status) => {
    await expect(follow(2, { ...status, progress: { ...progress, isReady: false } }).followed).rejects.toMatchObject({
      code: 'projection.not_ready',
      message: 'Build 2 of stock was dropped meanwhile',
    });
  });
});

describe('a build', () => {
  const isReady = (over: Partial<Progress>, version = 1) =>
    isReadyToSwitch({ ...stock, version, progress: { ...progress, ...over } });

  it('can be switched to once it was compared', () => {
    expect([isReady({}), isReady({ comparison: null }), isReady({ isReady: false })]).toEqual([true, false, false]);
  });

  it('of another version is not compared', () => expect(isReady({ comparison: null }, 2)).toBe(true));
});
