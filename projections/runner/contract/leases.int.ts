import { freshAs, startReadSide, type ReadSide } from '../../shared/testing/read-side.js';
import { nameOf } from '../../shared/view.js';
import { createLeases } from '../leases.js';
import { migrateViews } from '../migrations.js';
import type { RunningProjections } from '../runner.js';
import { createStatuses } from '../statuses.js';
import { countsView } from '../testing/counts.js';
import { gate } from '../testing/gate.js';
import { interruptedStore } from '../testing/interrupted-stores.js';
import { kinds, readCount, rowsOf } from '../testing/kinds.js';
import { runViews } from '../testing/run-views.js';
import { until } from '../testing/until.js';
import { wrappedBuilds } from '../testing/wrapped-builds.js';
import { createViewBuilds } from '../view-builds.js';
import type { ViewStore } from '../view-store.js';

let readSide: ReadSide;
let running: RunningProjections[] = [];

beforeAll(async () => {
  readSide = await startReadSide();
  await migrateViews(readSide.postgres);
});
afterEach(async () => {
  await Promise.all(running.map((one) => one.stop()));
  running = [];
});
afterAll(() => readSide.stop());

describe.each(kinds)('processes that keep a view in %s', (kind) => {
  const ofTest = (name: string) => countsView(kind, { name: `leases_${name}_${kind}`, category: `${name}${kind}` });
  const run = (...given: Parameters<typeof runViews>) => {
    const one = runViews(...given);
    running.push(one);
    return one;
  };
  const sharesOf = async (build: string): Promise<Readonly<Record<string, number>>> => {
    const { rows } = await readSide.postgres.query<{ owner: string; held: number }>(
      `select owner, count(*)::int as held from projection_leases
       where build = $1 and owner <> '' and expires > clock_timestamp() group by owner order by owner`,
      [build],
    );
    return Object.fromEntries(rows.map(({ owner, held }) => [owner, held]));
  };
  const areShared = (build: string, shares: Readonly<Record<string, number>>) =>
    until(
      () => sharesOf(build),
      (seen) => JSON.stringify(seen) === JSON.stringify(shares),
    );

  it('share its partitions, whoever comes and goes', async () => {
    const view = ofTest('share');
    const build = nameOf(view, { version: 1, number: 1 });
    const read = readCount(readSide, kind, view);
    const count = (key: string) => readSide.append(`share${kind}-${key}`, { type: 'Counted', data: { by: 1 } });
    const stays = run(readSide, [{ view }], { instance: 'a' });
    await areShared(build, { a: 4 });
    const goes = run(readSide, [{ view }], { instance: 'b' });
    await areShared(build, { a: 2, b: 2 });
    run(readSide, [{ view }], { instance: 'c' });
    await until(
      () => sharesOf(build),
      (seen) => Object.keys(seen).length === 3 && Object.values(seen).sort().join() === '1,1,2',
    );
    for (const key of ['k', 'l', 'm', 'n', 'o', 'p']) {
      const fresh = freshAs(`share${kind}`, await count(key));
      expect((await read(`share${kind}-${key}`, fresh))?.item).toEqual({ sum: 1, times: 1 });
    }
    await goes.stop();
    await areShared(build, { a: 2, c: 2 });
    await until(() => stays.isLive(view.name), Boolean);
    const fresh = freshAs(`share${kind}`, await count('k'));
    expect((await read(`share${kind}-k`, fresh))?.item).toEqual({ sum: 2, times: 2 });
  });

  it('take over partitions that nobody has begun, though others are far ahead', async () => {
    const view = ofTest('begun');
    const build = nameOf(view, { version: 1, number: 1 });
    const leases = createLeases(readSide.postgres);
    // It holds half of them, and does nothing.
    await leases.share('0', [build]);
    const keys = ['k', 'l', 'm', 'n', 'o', 'p'];
    let last = 0n;
    for (const key of keys) last = await readSide.append(`begun${kind}-${key}`, { type: 'Counted', data: { by: 1 } });
    const one = run(readSide, [{ view }], { instance: 'a' });
    const share = setInterval(() => void leases.share('0', [build]), 100);
    const isAhead = () => one.statuses().get(build);
    await until(
      () => Promise.resolve(isAhead()),
      (status) => status?.partitions === 2 && status.position === String(last),
    );
    clearInterval(share);
    await leases.leave('0');
    await areShared(build, { a: 4 });
    for (const key of keys)
      expect(
        (await readCount(readSide, kind, view)(`begun${kind}-${key}`, freshAs(`begun${kind}`, last)))?.item,
      ).toEqual({ sum: 1, times: 1 });
  });

  it('go on where leases were lost and checkpoints were not', async () => {
    const view = ofTest('lost');
    const leases = createLeases(readSide.postgres);
    for (const holder of ['once', 'again']) {
      await leases.takeAll(holder, [nameOf(view, { version: 1, number: 1 })]);
      await leases.giveBack(holder);
    }
    const first = run(readSide, [{ view }]);
    await until(() => first.isLive(view.name), Boolean);
    await first.stop();
    await readSide.postgres.query('delete from projection_leases where build = $1', [
      nameOf(view, { version: 1, number: 1 }),
    ]);
    const second = run(readSide, [{ view }]);
    await until(() => second.isLive(view.name), Boolean);
    const fresh = freshAs(`lost${kind}`, await readSide.append(`lost${kind}-k`, { type: 'Counted', data: { by: 1 } }));
    expect((await readCount(readSide, kind, view)(`lost${kind}-k`, fresh))?.item).toEqual({ sum: 1, times: 1 });
  });

  it('forget those that are long gone', async () => {
    const { postgres } = readSide;
    const instances = async () =>
      (await postgres.query<{ instance: string }>('select instance from projection_instances')).rows;
    await postgres.query(
      `insert into projection_instances (instance, builds, seen) values ('gone', '{}', now() - interval '2 minutes')`,
    );
    await createLeases(postgres).share('a', []);
    expect(await instances()).toEqual([{ instance: 'a' }]);
    await createLeases(postgres).leave('a');
  });

  it('leave what they do not know to those who do', async () => {
    const view = ofTest('known');
    const other = countsView(kind, { name: `leases_other_${kind}`, category: 'other' });
    run(readSide, [{ view: other }], { instance: `a` });
    const knows = run(readSide, [{ view }], { instance: 'b' });
    await until(() => knows.isLive(view.name), Boolean);
    expect(await sharesOf(nameOf(view, { version: 1, number: 1 }))).toEqual({ b: 4 });
  });

  it('say nothing any more of partitions that went to others', async () => {
    const view = ofTest('said');
    const build = nameOf(view, { version: 1, number: 1 });
    const one = run(readSide, [{ view }], { instance: 'a' });
    await until(() => one.isLive(view.name), Boolean);
    await createLeases(readSide.postgres).takeAll('somebody', [build]);
    await until(
      () => createStatuses(readSide.postgres).all(),
      (all) => all.get(build)?.state === 'stopped',
    );
    expect(await one.isLive(view.name)).toBe(false);
    await createLeases(readSide.postgres).giveBack('somebody');
    await until(() => one.isLive(view.name), Boolean);
  });

  it.each(['before a batch', 'when it is written and does not count yet'] as const)(
    'are refused when they were paused %s',
    async (when) => {
      const view = ofTest(when === 'before a batch' ? 'before' : 'within');
      const [category = ''] = view.categories;
      const build = nameOf(view, { version: 1, number: 1 });
      const [arrived, arrive] = gate();
      const [held, release] = gate();
      const pause = async () => {
        arrive();
        await held;
      };
      let outcome: ReturnType<ViewStore['apply']> = Promise.resolve([]);
      const builds = wrappedBuilds(createViewBuilds([{ view }], readSide), ({ store }) => {
        const { apply } = when === 'before a batch' ? store : interruptedStore(readSide, view, build, pause);
        const paused: ViewStore['apply'] = async (...given) => {
          if (when === 'before a batch') await pause();
          return apply(...given);
        };
        return { ...store, apply: (...given) => (outcome = paused(...given)) };
      });
      const key = `${category}-k`;
      await readSide.append(key, { type: 'Counted', data: { by: 1 } });
      run(readSide, [{ view }], { instance: 'a', builds, lookEveryMs: 600_000 });
      await arrived;
      // It is paused for longer than it is waited for; another takes its place, and goes on.
      await createLeases(readSide.postgres).leave('a');
      run(readSide, [{ view }], { instance: 'b' });
      const fresh = freshAs(category, await readSide.append(key, { type: 'Counted', data: { by: 2 } }));
      expect((await readCount(readSide, kind, view)(key, fresh))?.item).toEqual({ sum: 3, times: 2 });
      const before = await rowsOf(readSide, kind, build);
      release();
      await expect(outcome).rejects.toThrow();
      expect(await rowsOf(readSide, kind, build)).toEqual(before);
    },
  );
});
