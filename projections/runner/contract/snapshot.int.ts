import { startReadSide, type ReadSide } from '../../shared/testing/read-side.js';
import { nameOf } from '../../shared/view.js';
import { keyEvents } from '../keyed.js';
import { createLeases } from '../leases.js';
import { migrateViews } from '../migrations.js';
import { planBatch } from '../plan.js';
import { countsView } from '../testing/counts.js';
import { kinds } from '../testing/kinds.js';
import { asTheyAre } from '../testing/run-views.js';
import { createViewBuilds } from '../view-builds.js';

let readSide: ReadSide;

beforeAll(async () => {
  readSide = await startReadSide();
  await migrateViews(readSide.postgres);
});
afterAll(() => readSide.stop());

it.each(kinds)('a snapshot in %s sums up the rows as they were, but for those that it tells of', async (kind) => {
  const category = `snapshot${kind}`;
  const view = countsView(kind, { name: `snapshot_${kind}`, category });
  const build = { version: 1, number: 1 };
  const { store } = createViewBuilds([{ view }], readSide).anyBuildOf({ view }, build);
  await store.prepare();

  /** Takes the partitions over, applies one event more of each of these keys, and gives what is held. */
  const count = async (...keys: readonly string[]) => {
    for (const key of keys) await readSide.append(`${category}-${key}`, { type: 'Counted', data: { by: 1 } });
    const leases = await createLeases(readSide.postgres).takeAll('test', [nameOf(view, build)]);
    const held = await store.claim(leases);
    const { events } = await readSide.eventStore.readNewer(view.categories, null);
    const end = events.at(-1)?.position;
    if (end) await store.apply(planBatch(keyEvents(view, asTheyAre(events)), held, end), end, () => true);
    return held;
  };

  const snapshot = await store.snapshot(await count('a', 'b', 'c', 'd'));
  const [all, others] = [await snapshot.checksum(new Set()), await snapshot.checksum(new Set([`${category}-a`]))];
  expect([all.rows, others.rows]).toEqual([4, 3]);
  expect(all.checksum).not.toBe(others.checksum);

  await count('a', 'e');
  const { changed, ...sum } = await snapshot.checksum(new Set());
  expect(changed).toEqual(new Set(kind === 'postgres' ? [] : [`${category}-a`, `${category}-e`]));
  expect({ ...sum, changed: new Set() }).toEqual(kind === 'postgres' ? all : others);
  await snapshot.close();
});
