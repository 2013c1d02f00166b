import type { Position } from '../../../infra/event-store/stored-event.js';
import { startReadSide, type ReadSide } from '../../shared/testing/read-side.js';
import { nameOf, partitionCount } from '../../shared/view.js';
import { keyEvents } from '../keyed.js';
import { migrateViews } from '../migrations.js';
import { earliest, isAfter, planBatch } from '../plan.js';
import { countsView } from '../testing/counts.js';
import { gate } from '../testing/gate.js';
import { interruptedStore } from '../testing/interrupted-stores.js';
import { kinds, rowsOf } from '../testing/kinds.js';
import { randomNumbers } from '../testing/random-numbers.js';
import { asTheyAre } from '../testing/run-views.js';
import { until } from '../testing/until.js';
import { createViewBuilds } from '../view-builds.js';
import { Overtaken, type ViewStore } from '../view-store.js';

const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
let readSide: ReadSide;

beforeAll(async () => {
  readSide = await startReadSide();
  await migrateViews(readSide.postgres);
});
afterAll(() => readSide.stop());

describe.each(kinds)('writers of one row in %s', (kind) => {
  it(`lose nothing and repeat nothing, even all under one epoch (SEED=${seed})`, async () => {
    const category = `one${kind}`;
    const view = countsView(kind, { name: `one_${kind}`, category });
    const of = { version: 1, number: 1 };
    const build = nameOf(view, of);
    for (let n = 1; n <= 80; n += 1) await readSide.append(`${category}-k`, { type: 'Counted', data: { by: n } });
    const { events } = await readSide.eventStore.readNewer([category], null);
    const keyed = keyEvents(view, asTheyAre(events));
    // Leases that say the same to all, as only a mistake could.
    const leases = Array.from({ length: partitionCount }, (_, partition) => ({ build, partition, epoch: 1n }));

    const write = async (store: ViewStore, random: (below: number) => number) => {
      for (;;) {
        const held = await store.claim(leases);
        const from = earliest(held.map(({ position }) => position));
        const left = events.filter(({ position }) => isAfter(position, from));
        if (left.length === 0) return;
        const end: Position | undefined = left[Math.min(random(4), left.length - 1)]?.position;
        if (end === undefined) return;
        const batch = keyed.filter(({ stored }) => !isAfter(stored.position, end));
        await store
          .apply(planBatch(batch, held, end), end, () => true)
          .catch((error: unknown) => {
            if (!(error instanceof Overtaken)) throw error;
          });
      }
    };
    const stores = [1, 2, 3, 4, 5, 6].map(() => createViewBuilds([{ view }], readSide).anyBuildOf({ view }, of).store);
    await stores[0]?.prepare();
    await Promise.all(stores.map((store, index) => write(store, randomNumbers(seed + index))));
    const last = events.at(-1)?.position.commit;
    expect(await rowsOf(readSide, kind, build)).toEqual([
      { key: `${category}-k`, row: { sum: 3240, times: 80 }, position: last },
    ]);
  });
});

it('writers of a document in FerretDB wait for each other, since it does not keep them apart itself', async () => {
  const view = countsView('mongodb', { name: 'apart', category: 'apart' });
  const of = { version: 1, number: 1 };
  const build = nameOf(view, of);
  await readSide.append('apart-k', { type: 'Counted', data: { by: 1 } });
  const { events } = await readSide.eventStore.readNewer(['apart'], null);
  const keyed = keyEvents(view, asTheyAre(events));
  const end = events.at(-1)?.position ?? { commit: 0n, prepare: 0n };
  const [arrived, arrive] = gate();
  const [released, release] = gate();
  const slow = interruptedStore(readSide, view, build, () => {
    arrive();
    return released;
  });
  const held = await slow.claim(
    Array.from({ length: partitionCount }, (_, partition) => ({ build, partition, epoch: 1n })),
  );
  const first = slow.apply(planBatch(keyed, held, end), end, () => true);
  await arrived;
  let isDone = false;
  const { store } = createViewBuilds([{ view }], readSide).anyBuildOf({ view }, of);
  const second = store.apply(planBatch(keyed, held, end), end, () => true).finally(() => (isDone = true));
  const outcomes = Promise.allSettled([first, second]);
  const isWaiting = async () => {
    const { rows } = await readSide.postgres.query(
      `select 1 from pg_locks where locktype = 'advisory' and not granted`,
    );
    return rows.length > 0;
  };
  await until(async () => isDone || (await isWaiting()), Boolean);
  expect(isDone).toBe(!(await readSide.mongo.isFerretdb()));
  release();
  expect((await outcomes).filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
});
