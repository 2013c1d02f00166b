import { freshAs, startReadSide, type ReadSide } from '../../shared/testing/read-side.js';
import { nameOf, type Control } from '../../shared/view.js';
import { dropped } from '../control.js';
import { createLeases } from '../leases.js';
import { migrateViews } from '../migrations.js';
import { createOperations } from '../operations.js';
import type { RunningProjections } from '../runner.js';
import { countsView } from '../testing/counts.js';
import { kinds, readCount, rowsOf, spoilRow } from '../testing/kinds.js';
import { runViews } from '../testing/run-views.js';
import { until } from '../testing/until.js';
import { wrappedBuilds } from '../testing/wrapped-builds.js';
import { createViewBuilds } from '../view-builds.js';
import type { ViewDefinition } from '../view-definition.js';
import type { ViewStore } from '../view-store.js';

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
const runLive = async (definition: ViewDefinition) => {
  const one = run(readSide, [definition]);
  await until(() => one.isLive(definition.view.name), Boolean);
  return one;
};
const stopAll = async () => {
  await Promise.all(running.map((one) => one.stop()));
  running = [];
};

describe.each(kinds)('a view in %s', (kind) => {
  const ofTest = (name: string) => {
    const category = `r${name}${kind}`;
    const view = countsView(kind, { name: `rebuild_${name}_${kind}`, category });
    const definition: ViewDefinition = { view };
    const builds = createViewBuilds([definition], readSide);
    const control = async (): Promise<Control> => {
      const found = (await builds.controlsOf(definition).all()).get(view.name);
      if (!found) throw new Error('The view was not begun');
      return found;
    };
    const { postgres, eventStore } = readSide;
    return {
      category,
      view,
      definition,
      builds,
      control,
      operations: createOperations({
        builds,
        postgres,
        eventStore,
      }),
      count: (key: string) => readSide.append(`${category}-${key}`, { type: 'Counted', data: { by: 1 } }),
      read: readCount(readSide, kind, view),
      rows: (number: number, version = 1) => rowsOf(readSide, kind, nameOf(view, { version, number })),
    };
  };
  type OfTest = ReturnType<typeof ofTest>;

  /** Writes to one key, and reads it with the token of each write, until it is ended. Gives how often it wrote. */
  const hammer = ({ category, count, read }: OfTest, key: string) => {
    let isEnded = false as boolean;
    const work = (async () => {
      let times = 0;
      while (!isEnded) {
        const fresh = freshAs(category, await count(key));
        times += 1;
        for (let n = 0; n < 3; n += 1)
          expect((await read(`${category}-${key}`, fresh))?.item).toEqual({ sum: times, times });
      }
      return times;
    })();
    return () => {
      isEnded = true;
      return work;
    };
  };

  it('is built anew beside the one that serves, is switched to and rolled back, and no reader goes back in time', async () => {
    const test = ofTest('whole');
    const { view, definition, operations, control, count, rows, read, category } = test;
    for (const key of ['a', 'b', 'c', 'd', 'e', 'f']) await count(key);
    await runLive(definition);
    await runLive(definition);
    const endings = ['x', 'y', 'z'].map((key) => hammer(test, key));

    expect((await operations.rebuild(view.name)).progress).toMatchObject({ switches: false });
    const { comparison } = (await until(control, ({ aside }) => aside?.comparison != null)).aside ?? {};
    expect(comparison).toMatchObject({ isEqual: true });
    expect((await control()).live.number).toBe(1);
    expect((await operations.rebuild(view.name)).progress).toMatchObject({ comparison });
    await operations.switch(view.name);
    await until(control, ({ live, previous }) => live.number === 2 && previous?.number === 1);

    await count('a');
    await operations.rollback(view.name);
    await until(control, ({ live, previous }) => live.number === 1 && previous?.number === 2);
    await operations.drop(view.name);
    expect(await control()).toMatchObject({ live: { number: 1 }, previous: null, aside: null });
    const written = await Promise.all(endings.map((end) => end()));
    expect(Math.min(...written)).toBeGreaterThan(0);
    const fresh = freshAs(category, await count('a'));
    expect((await read(`${category}-a`, fresh))?.item).toEqual({ sum: 3, times: 3 });
    const kept = await rows(1);
    await operations.rebuild(view.name);
    await until(control, ({ aside }) => aside?.comparison?.isEqual === true);
    await stopAll();
    expect(await rows(3)).toEqual(kept);
  });

  it('in a new version serves once it has caught up, and the older one until then', async () => {
    const test = ofTest('version');
    const { view, definition, control, count, category, rows, operations } = test;
    for (const key of ['a', 'b', 'c']) await count(key);
    const old = await runLive(definition);
    const next = { ...view, version: 2, serves: [1] };
    const end = hammer({ ...test, read: readCount(readSide, kind, next) }, 'x');
    // Code of both versions runs for a while.
    const knowsBoth = run(readSide, [{ view: next, older: [definition] }]);
    await until(control, ({ live }) => live.version === 2);
    await old.stop();
    await until(() => knowsBoth.isLive(view.name), Boolean);
    const times = await end();
    const fresh = freshAs(category, await count('x'));
    const found = await readCount(readSide, kind, next)(`${category}-x`, fresh);
    expect(found).toMatchObject({ item: { times: times + 1 }, etag: expect.stringMatching(/^"2\.\d+-/) as string });
    expect(await rows(2, 2)).toHaveLength(4);
    await operations.rollback(view.name);
    await until(control, ({ live }) => live.version === 1);
  });

  it('in a version that this code does not know gives way to the one that it knows', async () => {
    const { view, definition, control, count, category } = ofTest('unknown');
    for (const key of ['a', 'b', 'c']) await count(key);
    const old = await runLive(definition);
    const next = { ...view, version: 2 };
    const one = run(readSide, [{ view: next }]);
    await until(control, ({ live }) => live.version === 2);
    await until(() => one.isLive(view.name), Boolean);
    await old.stop();
    const fresh = freshAs(category, await count('a'));
    expect((await readCount(readSide, kind, next)(`${category}-a`, fresh))?.item).toEqual({ sum: 2, times: 2 });
  });

  it('drops what was made aside when a newer version takes its place', async () => {
    const { view, definition, control, count, operations } = ofTest('replaced');
    await count('a');
    await runLive(definition);
    await stopAll();
    await operations.rebuild(view.name);
    await until(control, ({ aside }) => aside?.number === 2);
    await readSide.postgres.query(
      `insert into projection_leases (build, partition, owner, epoch, expires) values ($1, 0, '', 0, now())`,
      [nameOf(view, { version: 1, number: 2 })],
    );
    run(readSide, [{ view: { ...view, version: 2 }, older: [definition] }]);
    await until(control, ({ live }) => live.version === 2);
    expect(await control()).toMatchObject({ live: { number: 3 }, previous: { number: 1 } });
  });

  it('is told from one whose rows somebody has changed', async () => {
    const { view, definition, control, count, operations, category } = ofTest('other');
    for (const key of ['a', 'b', 'c', 'd']) await count(key);
    await runLive(definition);
    await spoilRow(readSide, kind, nameOf(view, { version: 1, number: 1 }), `${category}-c`);
    await operations.rebuild(view.name);
    const { aside } = await until(control, (now) => now.aside?.comparison != null);
    expect(aside?.comparison).toMatchObject({ isEqual: false, rows: { live: 4, aside: 4 } });
  });

  it('removes a build that whoever dropped it had no time to remove', async () => {
    const { view, definition, builds, control, count, operations } = ofTest('left');
    const left = nameOf(view, { version: 1, number: 2 });
    const leases = createLeases(readSide.postgres);
    await count('a');
    await runLive(definition);
    await operations.rebuild(view.name);
    await until(control, ({ aside }) => aside?.comparison?.isEqual === true);
    await stopAll();
    await builds.controlsOf(definition).change(view.name, (before) => dropped(before as Control));
    const { store } = builds.anyBuildOf(definition, { version: 1, number: 2 });
    expect(await store.watermark()).not.toBeNull();
    await runLive(definition);
    await until(leases.builds, (all) => !all.includes(left));
    expect(await store.watermark()).toBeNull();
    const isLeft = rowsOf(readSide, kind, left).then(({ length }) => length > 0);
    expect(await isLeft.catch(() => false)).toBe(false);
  });

  it('drops a build that nobody has begun to make', async () => {
    const { view, definition, control, count, operations } = ofTest('dropped');
    await count('a');
    await runLive(definition);
    await stopAll();
    await operations.rebuild(view.name);
    await operations.drop(view.name);
    expect((await control()).aside).toBeNull();
    await expect(operations.drop(view.name)).rejects.toMatchObject({ code: 'projection.not_ready' });
    await expect(operations.switch(view.name)).rejects.toMatchObject({ code: 'projection.not_ready' });
    await expect(operations.rollback(view.name)).rejects.toMatchObject({ code: 'projection.not_ready' });
    await expect(operations.rebuild('nothing')).rejects.toMatchObject({ code: 'projection.not_found' });
  });

  it.each(['prepare', 'claim', 'apply', 'snapshot', 'drop'] as const)(
    'goes on when its process ends while it is switched, at %s',
    async (step) => {
      const test = ofTest(`end${step}`);
      const { view, definition, operations, control, count, category, read, rows } = test;
      for (const key of ['a', 'b', 'c', 'd']) await count(key);
      await runLive(definition);
      await operations.rebuild(view.name);
      await operations.switch(view.name);
      await until(control, ({ live }) => live.number === 2);
      await stopAll();
      await operations.rebuild(view.name);
      await operations.switch(view.name);
      // The n-th time that it comes to the step is its last: it says nothing more, to anybody.
      for (let nth = 1; nth <= 3; nth += 1) {
        let left = nth;
        let isDead = false;
        const dyingAt = (name: keyof ViewStore, store: ViewStore) => ({
          ...store,
          [name]: (...given: never[]) => {
            if (name === step) left -= 1;
            isDead ||= left <= 0;
            if (isDead) return Promise.reject(new Error('It is dead'));
            return (store[name] as (...all: never[]) => Promise<unknown>)(...given);
          },
        });
        const steps = ['prepare', 'claim', 'apply', 'snapshot', 'drop'] as const;
        const builds = wrappedBuilds(createViewBuilds([definition], readSide), ({ store }) =>
          steps.reduce<ViewStore>((wrapped, name) => dyingAt(name, wrapped), store),
        );
        const one = run(readSide, [definition], { builds });
        await until(async () => isDead || (await control()).live.number === 3, Boolean);
        await one.stop();
      }
      await runLive(definition);
      await until(control, ({ live }) => live.number === 3);
      const fresh = freshAs(category, await count('a'));
      expect((await read(`${category}-a`, fresh))?.item).toEqual({ sum: 2, times: 2 });
      await stopAll();
      expect(await rows(3)).toHaveLength(4);
    },
  );
});
