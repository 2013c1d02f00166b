import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { builtEntry } from '../infra/engines/installation.js';
import { coded } from '../infra/service-bus/testing/services.js';
import { countsView } from './runner/testing/counts.js';
import { gate } from './runner/testing/gate.js';
import { kinds, rowsOf, type Kind } from './runner/testing/kinds.js';
import { until } from './runner/testing/until.js';
import { createViewBuilds } from './runner/view-builds.js';
import type { ViewDefinition } from './runner/view-definition.js';
import { doneOf, startReplayDesk, type ReplayDesk } from './testing/replay-desk.js';
import { isThere, nameOfReplay } from './testing/replayed.js';
import { views } from './views.js';

let desk: ReplayDesk;

beforeAll(async () => {
  desk = await startReplayDesk();
});
afterAll(() => desk.side.stop());

const ofTest = (name: string, kind: Kind) => {
  const view = countsView(kind, { name: `replayed_${name}_${kind}`, category: `rp${name}${kind}` });
  const definition: ViewDefinition = { view };
  const queries = desk.queriesOf([definition]);
  const count = (key: string, ...by: readonly number[]) =>
    desk.side.append(
      `rp${name}${kind}-${key}`,
      ...by.map((each) => ({ type: 'Counted', data: { by: each } }) as const),
    );
  return { view, definition, queries, count };
};

describe.each(kinds)('a replay of a view in %s', (kind) => {
  afterEach(() => desk.stopAll());

  it('that is dropped while it runs is stopped and removed, and shows no rows until then', async () => {
    const { definition, queries, count, view } = ofTest('dropped', kind);
    await count('a', 1, 2);
    const [opened, open] = gate();
    const builds = createViewBuilds([definition], desk.side);
    let hasBegun = false;
    const storeNamed: typeof builds.storeNamed = (...given) => {
      const store = builds.storeNamed(...given);
      const apply: typeof store.apply = async (...batch) => {
        hasBegun = true;
        await opened;
        return store.apply(...batch);
      };
      return { ...store, apply };
    };
    desk.run([definition], { builds: { ...builds, storeNamed } });
    const asked = await queries.replay(view.name, await desk.head());
    await until(() => Promise.resolve(hasBegun), Boolean);
    await expect(queries.replayRows(asked.id, { limit: 1 })).rejects.toEqual(coded('audit.replay_running'));
    await queries.dropReplay(asked.id);
    expect(await queries.replays()).toEqual([]);
    open();
    await until(
      () => isThere(desk.side, asked, kind),
      (found) => !found,
    );
  });

  it('that fails says so, and leaves nothing', async () => {
    const { definition, queries, count, view } = ofTest('failed', kind);
    await count('a', 1);
    const builds = createViewBuilds([definition], desk.side);
    const storeNamed: typeof builds.storeNamed = (...given) => ({
      ...builds.storeNamed(...given),
      apply: () => Promise.reject(new Error('It is broken')),
    });
    desk.run([definition], { builds: { ...builds, storeNamed } });
    const failed = await doneOf(queries, await queries.replay(view.name, await desk.head()));
    expect(failed).toMatchObject({ state: 'failed', rows: null, checksum: null });
    await expect(queries.replayRows(failed.id, { limit: 1 })).rejects.toEqual(coded('audit.no_replay'));
    expect(await isThere(desk.side, failed, kind)).toBe(false);
    await queries.dropReplay(failed.id);
  });
});

it('a replay whose process is killed is made by another, with what the view left out as well', async () => {
  const made = kinds.map(async (kind) => {
    const { definition, queries, count, view } = ofTest('killed', kind);
    for (const key of ['a', 'b', 'c', 'd']) await count(key, ...Array.from({ length: 250 }, (_, n) => n));
    await count('e', 1, -1, 1);
    const env = { ...process.env, ...desk.side.env };
    const entry = builtEntry('projections/runner/testing/view-process.js');
    const child = spawn(process.execPath, [entry, kind, view.name, String(view.categories[0]), 'child'], { env });
    const asked = await queries.replay(view.name, await desk.head());
    await until(
      () => queries.replayOf(asked.id),
      ({ progress }) => progress.done > 0,
    );
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(await queries.replayOf(asked.id)).toMatchObject({ state: 'running', rows: null });
    const one = desk.run([definition]);
    expect(await doneOf(queries, asked)).toMatchObject({ state: 'done', rows: 5, parkedKeys: 1 });
    await until(() => one.isLive(view.name), Boolean);
    expect(await rowsOf(desk.side, kind, nameOfReplay(asked))).toEqual(await desk.rowsOfLive(definition));
    await queries.dropReplay(asked.id);
  });
  await Promise.all(made);
  await desk.stopAll();
});

describe('what is asked of replays', () => {
  it.each([
    ['a view that is not there', 'replay', { id: randomUUID(), view: 'nowhere', at: '1' }, 'projection.not_found'],
    ['a place that is none', 'replay', { id: randomUUID(), view: 'orders', at: 'now' }, 'command.invalid'],
    ['an id that is none', 'replay', { id: 'x; drop table y', view: 'orders', at: '1' }, 'command.invalid'],
    ['one that is not there', 'replayOf', { id: randomUUID() }, 'audit.no_replay'],
    ['too many rows at once', 'replayRows', { id: randomUUID(), limit: 102 }, 'command.invalid'],
  ])('is refused: %s', async (_, operation, data, code) => {
    const bus = desk.busOf(views);
    await expect(bus.ask('projections', operation, data)).rejects.toEqual(coded(code));
  });

  it('may come again', async () => {
    const bus = desk.busOf(views);
    const asked = { id: randomUUID(), view: 'orders', at: '1' };
    const first = await bus.ask('projections', 'replay', asked);
    expect(await bus.ask('projections', 'replay', asked)).toEqual(first);
    await bus.ask('projections', 'dropReplay', { id: asked.id });
    await bus.ask('projections', 'dropReplay', { id: asked.id });
    expect(await bus.ask('projections', 'replays', {})).toEqual([]);
  });
});
