import { startReadSide, silent, type ReadSide } from '../../shared/testing/read-side.js';
import type { Tally } from '../../shared/projection.js';
import { nameOf } from '../../shared/view.js';
import { createLeases } from '../leases.js';
import { migrateViews } from '../migrations.js';
import { keyEvents } from '../keyed.js';
import { planBatch } from '../plan.js';
import { countsView, type Counted } from '../testing/counts.js';
import { gone, interruptedStore } from '../testing/interrupted-stores.js';
import { kinds, rowsOf } from '../testing/kinds.js';
import { randomNumbers } from '../testing/random-numbers.js';
import { asTheyAre, runViews } from '../testing/run-views.js';
import { until } from '../testing/until.js';
import { wrappedBuilds } from '../testing/wrapped-builds.js';
import { createViewBuilds } from '../view-builds.js';
import type { ViewDefinition } from '../view-definition.js';
import type { ViewStore } from '../view-store.js';

const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
let readSide: ReadSide;

beforeAll(async () => {
  readSide = await startReadSide();
  await migrateViews(readSide.postgres);
  const random = randomNumbers(7);
  for (let n = 0; n < 250; n += 1) {
    const forget = random(10) === 0;
    const event: Counted = forget ? { type: 'Forgotten', data: {} } : { type: 'Counted', data: { by: random(100) } };
    await readSide.append(`count-${random(25)}`, event);
  }
});

afterAll(() => readSide.stop());

/** Builds a view in one pass. */
const passOnce = async (definition: ViewDefinition) => {
  const one = runViews(readSide, [definition]);
  await until(() => one.isLive(definition.view.name), Boolean);
  await one.stop();
};

/** Runs a view in processes that end at random points, at some of them without a word, until it is live. */
const passInterrupted = async (definition: ViewDefinition, dying: (build: string) => ViewStore) => {
  const random = randomNumbers(seed);
  const builds = createViewBuilds([definition], readSide);
  let runs = 0;
  for (let isLive = false; !isLive; runs += 1) {
    const isKilled = random(3) === 1;
    let left = 1 + random(4);
    let isEnded = false;
    const one = runViews(readSide, [definition], {
      most: 1 + random(30),
      instance: `run-${runs}`,
      builds: wrappedBuilds(builds, ({ store, build }) => ({
        ...store,
        apply: async (...given) => {
          left -= 1;
          isEnded ||= left === 0;
          return (isKilled ? dying(build) : store).apply(...given);
        },
      })),
    });
    await until(async () => isEnded || (await one.isLive(definition.view.name)), Boolean);
    isLive = await one.isLive(definition.view.name);
    await one.stop();
  }
  return runs;
};

describe.each(kinds)('a view in %s', (kind) => {
  const interrupted = countsView(kind, { name: `interrupted_${kind}` });
  const uninterrupted = countsView(kind, { name: `uninterrupted_${kind}` });
  const first = { version: 1, number: 1 };

  it(`is the same however often its processes end (SEED=${seed})`, async () => {
    const runs = await passInterrupted({ view: interrupted }, (build) =>
      interruptedStore(readSide, interrupted, build, () => Promise.reject(gone())),
    );
    await passOnce({ view: uninterrupted });
    expect(runs).toBeGreaterThan(2);
    const rows = await rowsOf(readSide, kind, nameOf(uninterrupted, first));
    expect(rows.length).toBeGreaterThan(15);
    expect(await rowsOf(readSide, kind, nameOf(interrupted, first))).toEqual(rows);
  });

  it('is not changed by what it has applied, all of it or a part', async () => {
    const view = countsView(kind, { name: `repeated_${kind}` });
    await passOnce({ view });
    const build = nameOf(view, first);
    const { store } = createViewBuilds([{ view }], readSide).anyBuildOf({ view }, first);
    const rows = await rowsOf(readSide, kind, build);
    const { events } = await readSide.eventStore.readNewer(['count'], null);
    const held = await store.claim(await createLeases(readSide.postgres).takeAll('test', [build]));
    const keyed = keyEvents(view, asTheyAre(events));
    for (const end of [events[40], events.at(-1)].flatMap((event) => event?.position ?? [])) {
      const asIfNew = held.map((each) => ({ ...each, position: null }));
      await expect(store.apply(planBatch(keyed, asIfNew, end), end, () => true)).rejects.toMatchObject({
        name: 'Overtaken',
      });
      await store.apply(planBatch(keyed, held, end), end, () => true);
    }
    expect(await rowsOf(readSide, kind, build)).toEqual(rows);
  });
});

describe('a tally', () => {
  const tally = (name: string): Tally<Counted> => ({
    name,
    version: 1,
    store: 'postgres',
    categories: ['count'],
    key: ({ streamId }) => streamId,
    additions: ({ type, data }) =>
      type === 'Forgotten'
        ? [{ row: 'all', add: { forgotten: 1 } }]
        : [
            { row: `by-${data.by % 3}`, add: { sum: data.by, times: 1 } },
            { row: 'all', add: { sum: data.by } },
          ],
  });

  it(`counts everything once however often its processes end (SEED=${seed})`, async () => {
    const [interrupted, uninterrupted] = [tally('tally_interrupted'), tally('tally_uninterrupted')];
    await passInterrupted({ view: interrupted }, (build) =>
      interruptedStore(readSide, interrupted, build, () => Promise.reject(gone())),
    );
    await passOnce({ view: uninterrupted });
    const rows = await rowsOf(readSide, 'postgres', 'view_tally_uninterrupted_v1_1');
    expect(rows).toHaveLength(4);
    expect(await rowsOf(readSide, 'postgres', 'view_tally_interrupted_v1_1')).toEqual(rows);
  });

  it('of two processes that add to the same rows at once loses nothing', async () => {
    const shared = tally('tally_shared');
    const two = ['a', 'b'].map((instance) =>
      runViews(readSide, [{ view: shared }], { instance, most: 7, log: silent }),
    );
    await until(() => two[0]?.isLive(shared.name) ?? Promise.resolve(false), Boolean);
    await Promise.all(two.map((one) => one.stop()));
    expect(await rowsOf(readSide, 'postgres', 'view_tally_shared_v1_1')).toEqual(
      await rowsOf(readSide, 'postgres', 'view_tally_uninterrupted_v1_1'),
    );
  });
});
