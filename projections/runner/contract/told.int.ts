import type { Projection } from '../../shared/projection.js';
import { startReadSide, type ReadSide } from '../../shared/testing/read-side.js';
import { nameOf } from '../../shared/view.js';
import { migrateViews } from '../migrations.js';
import { createOperations } from '../operations.js';
import type { RunningProjections } from '../runner.js';
import { countsView, type Count, type Counted } from '../testing/counts.js';
import { runViews } from '../testing/run-views.js';
import { until } from '../testing/until.js';
import { createViewBuilds } from '../view-builds.js';
import type { ViewDefinition } from '../view-definition.js';

let readSide: ReadSide;
let running: RunningProjections;

beforeAll(async () => {
  readSide = await startReadSide();
  await migrateViews(readSide.postgres);
});
afterEach(() => running.stop());
afterAll(() => readSide.stop());

const runLive = async (definition: ViewDefinition) => {
  running = runViews(readSide, [definition]);
  await until(() => running.isLive(definition.view.name), Boolean);
};

it('the change log of a view holds each change once, and those of mended keys behind what was told', async () => {
  const view: Projection<Counted, Count> = {
    ...countsView('postgres', { name: 'told', category: 'told' }),
    change: (event, row) => ({ type: event.type, sum: row?.sum ?? null }),
  };
  const mended: typeof view = {
    ...view,
    project: (event, row) =>
      event.type === 'Counted' ? view.project({ ...event, data: { by: Math.abs(event.data.by) } }, row) : null,
  };
  const append = (key: string, by: number) => readSide.append(`told-${key}`, { type: 'Counted', data: { by } });
  const changes = async () => {
    const { rows } = await readSide.postgres.query(
      `select key, position, change from ${nameOf(view, { version: 1, number: 1 })}_changes order by position, key`,
    );
    return rows as object[];
  };
  const told = (key: string, position: bigint, sum: number | null, type = 'Counted') => ({
    key: `told-${key}`,
    position,
    change: { type, sum },
  });
  const parked = async () => (await operations.parked(view.name, {})).length;
  const operations = createOperations({
    builds: createViewBuilds([{ view }], readSide),
    postgres: readSide.postgres,
    eventStore: readSide.eventStore,
  });

  const first = await append('k', 1);
  const forgotten = await readSide.append('told-l', { type: 'Forgotten', data: {} });
  const second = await append('k', 2);
  await append('k', -3);
  await append('k', 4);
  const gone = await readSide.append('told-k2', { type: 'Counted', data: { by: 7 } });
  await runLive({ view });
  await until(parked, (left) => left === 2);
  const before = [told('k', first, 1), told('k', second, 3), told('k2', gone, 7)];
  expect(forgotten).toBeGreaterThan(first);
  expect(await changes()).toEqual(before);

  await running.stop();
  await runLive({ view: mended });
  await operations.request(view.name, 'told-k', 'retry');
  await until(parked, (left) => left === 0);
  expect(await changes()).toEqual([...before, told('k', gone + 1n, 10)]);
});
