import type { Message } from '../../../domains/shared/decider.js';
import type { Projection } from '../../shared/projection.js';
import { startReadSide, type ReadSide } from '../../shared/testing/read-side.js';
import { nameOf } from '../../shared/view.js';
import { migrateViews } from '../migrations.js';
import { erasedIn } from '../mongo-erased.js';
import { createOperations } from '../operations.js';
import type { RunningProjections } from '../runner.js';
import { countsView, type Count, type Counted } from '../testing/counts.js';
import { kinds, rowsOf } from '../testing/kinds.js';
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
  const parked = async () => (await operations.parked(view.name)).length;
  const operations = createOperations({
    builds: createViewBuilds([{ view }], readSide),
    postgres: readSide.postgres,
    head: () => Promise.resolve(null),
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

describe.each(kinds)('a view in %s that holds personal data', (kind) => {
  type Named = Message<'Named', { name: string; times: number }>;
  type Person = Readonly<{ name: string | null; times: number }>;

  it('holds nothing of whoever was erased, whatever is read of them', async () => {
    const category = `person${kind}`;
    const view: Projection<Named, Person> = {
      name: `person_${kind}`,
      version: 1,
      store: kind,
      categories: [category],
      key: ({ streamId }) => streamId,
      personal: ['name'],
      project: ({ data }, row) => ({ name: data.name, times: (row?.times ?? 0) + data.times }),
    };
    const append = (key: string) =>
      readSide.append(`${category}-${key}`, { type: 'Named', data: { name: 'Ann', times: 1 } });
    await append('k');
    await append('l');
    await runLive({ view });
    if (kind === 'postgres')
      await readSide.postgres.query('insert into projection_erased values ($1)', [`${category}-k`]);
    else await erasedIn(readSide.mongo).insertOne({ _id: `${category}-k` });
    await append('l');
    await append('k');
    const last = await append('m');
    const rows = () => rowsOf(readSide, kind, nameOf(view, { version: 1, number: 1 }));
    await until(rows, (all) => all.some(({ position }) => position === last));
    expect((await rows()).map(({ key, row }) => [key, row])).toEqual([
      [`${category}-k`, { name: null, times: 2 }],
      [`${category}-l`, { name: 'Ann', times: 2 }],
      [`${category}-m`, { name: 'Ann', times: 1 }],
    ]);
  });
});
