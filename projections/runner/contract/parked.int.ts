import type { StoredEvent } from '../../../infra/event-store/stored-event.js';
import type { Projection } from '../../shared/projection.js';
import { asItIs, freshAs, startReadSide, type ReadSide } from '../../shared/testing/read-side.js';
import { nameOf } from '../../shared/view.js';
import type { Read } from '../keyed.js';
import { migrateViews } from '../migrations.js';
import { createOperations } from '../operations.js';
import { partitionOf } from '../partition.js';
import type { ProjectionsSettings, RunningProjections } from '../runner.js';
import { countsView, type Count, type Counted } from '../testing/counts.js';
import { kinds, readCount, rowsOf } from '../testing/kinds.js';
import { runViews } from '../testing/run-views.js';
import { until } from '../testing/until.js';
import { createViewBuilds } from '../view-builds.js';
import type { ViewDefinition } from '../view-definition.js';

let readSide: ReadSide;
let running: RunningProjections[] = [];

beforeAll(async () => {
  readSide = await startReadSide();
  await migrateViews(readSide.postgres);
});
afterEach(() => stopAll());
afterAll(() => readSide.stop());

const run = (...given: Parameters<typeof runViews>) => {
  const one = runViews(...given);
  running.push(one);
  return one;
};
const runLive = async (readSideOf: ReadSide, definition: ViewDefinition, settings?: Partial<ProjectionsSettings>) => {
  const one = run(readSideOf, [definition], settings);
  await until(() => one.isLive(definition.view.name), Boolean);
};
const stopAll = async () => {
  await Promise.all(running.map((one) => one.stop()));
  running = [];
};

describe.each(kinds)('an event that a view in %s cannot apply', (kind) => {
  let tests = 0;

  /** A view of a category of its own, and what a test does with it. */
  const start = () => {
    tests += 1;
    const category = `p${kind}${tests}`;
    const view = countsView(kind, { name: `parked_${kind}_${tests}`.replaceAll(/\d/g, letterOf), category });
    const mended: typeof view = {
      ...view,
      project: (event, row) =>
        event.type === 'Counted' ? view.project({ ...event, data: { by: Math.abs(event.data.by) } }, row) : null,
    };
    const build = nameOf(view, { version: 1, number: 1 });
    const { postgres, eventStore } = readSide;
    const operations = createOperations({
      builds: createViewBuilds([{ view }], readSide),
      postgres,
      eventStore,
    });
    const name = (key: string) => `${category}-${key}`;
    return {
      view,
      mended,
      build,
      operations,
      name,
      count: (key: string, by: number) => readSide.append(name(key), { type: 'Counted', data: { by } }),
      at: (position: bigint) => freshAs(category, position),
      read: readCount(readSide, kind, view),
      parked: async () =>
        (await operations.parked(view.name, {})).map(({ key, revision, error }) => ({ key, revision, error })),
      /** The same rows as those of a view that is built from the beginning by mended code. */
      isAsFromScratch: async () => {
        const fresh = { ...mended, name: `${view.name}_fresh` };
        const one = run(readSide, [{ view: fresh }]);
        await until(() => one.isLive(fresh.name), Boolean);
        expect(await rowsOf(readSide, kind, build)).toEqual(
          await rowsOf(readSide, kind, nameOf(fresh, { version: 1, number: 1 })),
        );
      },
    };
  };

  it('is tried three times, and parked with all that follow of its key', async () => {
    const { view, name, count, at, read, parked, operations } = start();
    let tries = 0;
    const watched: Projection<Counted, Count> = {
      ...view,
      project: (event, row) => {
        if (event.type === 'Counted' && event.data.by < 0) tries += 1;
        return view.project(event, row);
      },
    };
    await count('k', 1);
    await runLive(readSide, { view: watched });
    await count('k', -1);
    await count('k', 2);
    const others = ['l', 'm', 'n', 'o', 'p', 'q'];
    for (const key of others) await count(key, 5);
    const last = await count('k', 3);
    for (const key of others) expect((await read(name(key), at(last)))?.item).toEqual({ sum: 5, times: 1 });
    expect(tries).toBe(3);
    await expect(read(name('k'), at(last))).rejects.toMatchObject({ code: 'view.parked' });
    expect((await read(name('k'), asItIs))?.item).toEqual({ sum: 1, times: 1 });
    const [first, ...later] = await parked();
    expect(first).toMatchObject({ key: name('k'), revision: 1 });
    expect(first?.error).toMatch(/^RangeError at .*counts/);
    expect(later).toMatchObject([2, 3].map((revision) => ({ key: name('k'), revision })));
    expect(await operations.list()).toMatchObject([{ name: view.name, parkedKeys: 1, state: 'live' }]);
  });

  it('is applied with what followed it once code is mended, without a gap', async () => {
    const { view, mended, name, count, at, read, parked, operations, isAsFromScratch } = start();
    await runLive(readSide, { view });
    const keys = ['k', 'l', 'm', 'n', 'o', 'p'];
    expect(new Set(keys.map((key) => partitionOf(name(key)))).size).toBeGreaterThan(1);
    for (const key of keys) {
      await count(key, 1);
      await count(key, -10);
    }
    const before = await count('z', 1);
    await read(name('z'), at(before));
    await stopAll();
    await runLive(readSide, { view: mended });
    // Events keep coming.
    const writing = (async () => {
      for (let n = 0; n < 8; n += 1) for (const key of keys) await count(key, 100);
    })();
    for (const key of keys) await operations.request(view.name, name(key), 'retry');
    await writing;
    await until(parked, (left) => left.length === 0);
    const last = await count('k', 100);
    expect((await read(name('k'), at(last)))?.item).toEqual({ sum: 911, times: 11 });
    await until(
      () => read(name('l'), at(last)).then((found) => found?.item.sum),
      (sum) => sum === 811,
    );
    await isAsFromScratch();
  });

  it('stays parked in its order where it fails once more', async () => {
    const { view, name, count, at, read, parked, operations } = start();
    await count('k', 1);
    await count('k', -1);
    await count('k', 2);
    await count('k', -2);
    const last = await count('k', 3);
    await runLive(readSide, { view });
    await until(parked, (left) => left.length === 4);
    const before = await operations.parked(view.name, {});
    await operations.request(view.name, name('k'), 'retry');
    const after = await until(
      () => operations.parked(view.name, {}),
      (all) => all.every(({ request }) => request === null),
    );
    expect(after).toEqual(before);
    expect((await parked()).map(({ revision }) => revision)).toEqual([1, 2, 3, 4]);
    await stopAll();

    // Mended in half: the first of the two that fail is applied, with what follows it up to the second.
    const halfMended: typeof view = {
      ...view,
      project: (event, row) =>
        event.type === 'Counted' && event.data.by === -1
          ? { sum: row?.sum ?? 0, times: (row?.times ?? 0) + 1 }
          : view.project(event, row),
    };
    await runLive(readSide, { view: halfMended });
    await operations.request(view.name, name('k'), 'retry');
    await until(parked, (left) => left.length === 2);
    expect((await parked()).map(({ revision }) => revision)).toEqual([3, 4]);
    expect((await read(name('k'), asItIs))?.item).toEqual({ sum: 3, times: 3 });
    await expect(read(name('k'), at(last))).rejects.toMatchObject({ code: 'view.parked' });

    await operations.request(view.name, name('k'), 'discard');
    await until(parked, (left) => left.length === 0);
    expect((await read(name('k'), at(await count('k', 4))))?.item).toEqual({ sum: 7, times: 4 });
    await expect(operations.request(view.name, name('k'), 'retry')).rejects.toMatchObject({
      code: 'projection.nothing_parked',
    });
  });

  it('stays parked when the process that keeps the view is another', async () => {
    const { view, name, count, parked, read, at } = start();
    await count('k', -1);
    await runLive(readSide, { view });
    await until(parked, (left) => left.length === 1);
    await stopAll();
    await count('k', 1);
    await runLive(readSide, { view });
    await until(parked, (left) => left.length === 2);
    const last = await count('l', 1);
    expect((await read(name('l'), at(last)))?.item).toEqual({ sum: 1, times: 1 });
    await expect(read(name('k'), at(last))).rejects.toMatchObject({ code: 'view.parked' });
  });

  it('is parked by its stream where nobody can read it', async () => {
    const { view, name, count, parked, read, at, operations } = start();
    let isMended = false;
    const upcast: ProjectionsSettings['read'] = (batch) => batch.map(readable);
    const readable = (stored: StoredEvent): Read =>
      stored.data['by'] === 13 && !isMended ? { stored, error: new Error('no upcaster') } : { stored, event: stored };
    await runLive(readSide, { view }, { read: upcast });
    await count('k', 1);
    await count('k', 13);
    const last = await count('k', 2);
    await until(parked, (left) => left.length === 2);
    await expect(read(name('k'), at(last))).rejects.toMatchObject({ code: 'view.parked' });
    isMended = true;
    await operations.request(view.name, name('k'), 'retry');
    await until(parked, (left) => left.length === 0);
    expect((await read(name('k'), at(last)))?.item).toEqual({ sum: 16, times: 3 });
  });

  it('does not keep others from being attended to where it is gone from its stream', async () => {
    const { view, mended, name, count, parked, read, at, operations, build } = start();
    await count('k', -1);
    const last = await count('l', -1);
    await runLive(readSide, { view });
    await until(parked, (left) => left.length === 2);
    await stopAll();
    await loseEvent(kind, build, name('k'));
    await runLive(readSide, { view: mended });
    await operations.request(view.name, name('k'), 'retry');
    await operations.request(view.name, name('l'), 'retry');
    await until(parked, (left) => left.length === 1);
    expect((await read(name('l'), at(last)))?.item).toEqual({ sum: 1, times: 1 });
  });
});

const letterOf = (digit: string) => 'abcdefghij'.charAt(Number(digit));

/** What is noted of a parked event no longer leads to one. */
const loseEvent = async (kind: (typeof kinds)[number], build: string, key: string) => {
  const eventId = '00000000-0000-4000-8000-000000000000';
  if (kind === 'postgres')
    await readSide.postgres.query('update projection_parked set event_id = $3 where build = $1 and key = $2', [
      build,
      key,
      eventId,
    ]);
  else await readSide.mongo.db.collection('projection_parked').updateMany({ build, key }, { $set: { eventId } });
};
