import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { everyAggregate } from '../domains/contexts.js';
import { builtEntry } from '../infra/engines/installation.js';
import { openKept } from '../infra/security/sealing.js';
import { coded } from '../infra/service-bus/testing/services.js';
import { accounts, type Account } from './accounts/projection.js';
import { createLeases } from './runner/leases.js';
import { migrateViews } from './runner/migrations.js';
import { createOperationsBus } from './runner/operations-bus.js';
import { createOperations } from './runner/operations.js';
import { createProjectionQueries, type Replay } from './runner/queries.js';
import { readEvents } from './runner/read-events.js';
import type { ProjectionsSettings, RunningProjections } from './runner/runner.js';
import { countsView } from './runner/testing/counts.js';
import { gate } from './runner/testing/gate.js';
import { kinds, rowsOf, type Kind, type KeptRow } from './runner/testing/kinds.js';
import { asTheyAre, runViews } from './runner/testing/run-views.js';
import { until } from './runner/testing/until.js';
import { createViewBuilds } from './runner/view-builds.js';
import type { ViewDefinition } from './runner/view-definition.js';
import { startReadSide, type ReadSide } from './shared/testing/read-side.js';
import { nameOf } from './shared/view.js';
import { differenceOf, isThere, nameOfReplay } from './testing/replayed.js';
import { createShopHistory, type ShopHistory, type Story } from './testing/shop-history.js';
import { views } from './views.js';

let side: ReadSide;
let history: ShopHistory;

beforeAll(async () => {
  side = await startReadSide();
  await migrateViews(side.postgres);
  history = createShopHistory(side);
});
afterAll(() => side.stop());

let running: RunningProjections[] = [];
const run = (definitions: readonly ViewDefinition[], settings: Partial<ProjectionsSettings> = {}) => {
  const read = definitions === views ? readEvents(everyAggregate) : asTheyAre;
  const one = runViews(side, definitions, { read, ...settings });
  running.push(one);
  return one;
};
const stopAll = async () => {
  await Promise.all(running.map((one) => one.stop()));
  running = [];
};
/** Keeps the views, from a moment on at which they have applied everything. */
const bringUpToDate = async () => {
  const one = run(views);
  for (const { view } of views) await until(() => one.isLive(view.name), Boolean);
};

const queriesOf = (definitions: readonly ViewDefinition[]) => {
  const { postgres, eventStore } = side;
  const operations = createOperations({ builds: createViewBuilds(definitions, side), postgres, eventStore });
  return createProjectionQueries(createOperationsBus(operations));
};
type Queries = ReturnType<typeof queriesOf>;

const doneOf = (queries: Queries, { id }: Replay) =>
  until(
    () => queries.replayOf(id),
    ({ state }) => state !== 'running',
  );
const kindOf = ({ view }: ViewDefinition) => view.store;
const liveBuild = ({ view }: ViewDefinition) => nameOf(view, { version: view.version, number: 1 });
const rowsOfLive = (definition: ViewDefinition) => rowsOf(side, kindOf(definition), liveBuild(definition));
const head = async () => String((await side.eventStore.head())?.commit);

/** The checksum of the build that serves, as rebuilds are compared by it. */
const checksumOf = async (definition: ViewDefinition) => {
  const { store } = createViewBuilds([definition], side).anyBuildOf(definition, { ...definition.view, number: 1 });
  const leases = await createLeases(side.postgres).takeAll('test', [liveBuild(definition)]);
  const snapshot = await store.snapshot(await store.claim(leases));
  const { rows, checksum } = await snapshot.checksum(new Set());
  await snapshot.close();
  return { rows, checksum };
};

describe('a view replayed at a position', () => {
  const then = new Map<string, Readonly<{ rows: readonly KeptRow[]; rowCount: number; checksum: string }>>();
  let stories: readonly Story[];
  let position: string;
  let instant: string;
  let queries: Queries;

  beforeAll(async () => {
    stories = [await history.sell(), await history.sell(), await history.sell(), await history.sell()];
    position = await head();
    instant = new Date().toISOString();
    await bringUpToDate();
    await stopAll();
    for (const definition of views) {
      const { rows, checksum } = await checksumOf(definition);
      then.set(definition.view.name, { rows: await rowsOfLive(definition), rowCount: rows, checksum });
    }
    const [first, second] = stories as [Story, Story];
    await history.takeBack(first);
    await history.erase(second.userId);
    await history.sell();
    await bringUpToDate();
    queries = queriesOf(views);
  });

  afterAll(async () => {
    for (const { id } of await queries.replays()) await queries.dropReplay(id);
    await untilRemoved();
    await stopAll();
  });

  const untilRemoved = () =>
    until(
      () => side.postgres.query('select from projection_replays'),
      ({ rowCount }) => rowCount === 0,
    );

  it.each(views.map((definition) => [definition.view.name, definition] as const))(
    'is what %s was then, whatever came after, and tells what differs now',
    async (name, definition) => {
      const asked = await queries.replay(name, position);
      expect(asked).toMatchObject({ view: name, at: position, position, state: 'running', difference: null });
      const done = await doneOf(queries, asked);
      const before = then.get(name);
      expect(before?.rowCount).toBeGreaterThan(0);
      expect(done).toMatchObject({ state: 'done', rows: before?.rowCount, checksum: before?.checksum, parkedKeys: 0 });
      expect(done.progress).toEqual({ done: Number(position), total: Number(position) });
      const replayed = await rowsOf(side, kindOf(definition), nameOfReplay(done));
      expect(replayed).toEqual(before?.rows);
      const difference = differenceOf(replayed, await rowsOfLive(definition));
      expect({ ...done.difference, keys: done.difference?.keys.toSorted() }).toEqual(difference);
      expect(difference.keys.length).toBeGreaterThan(0);
    },
  );

  it('holds what an erased person was called only sealed, by a key that is gone', async () => {
    const done = await doneOf(queries, await queries.replay('accounts', position));
    const { items } = await queries.replayRows(done.id, { limit: 20 });
    const opened = stories.map(async ({ userId }) => {
      const account = items.find(({ key }) => key === userId)?.row as Account;
      expect(account.name).toMatch(/^sealed:/);
      return (await openKept(history.personalKeys, userId, accounts.personal ?? [], account)).name;
    });
    expect(await Promise.all(opened)).toEqual(['Ada', null, 'Ada', 'Ada']);
  });

  it('is refused where ten are kept, until one is dropped', async () => {
    const kept = await queries.replays();
    expect(kept.map(({ view }) => view)).toEqual(['accounts', ...views.map(({ view }) => view.name).reverse()]);
    await expect(queries.replay('orders', position)).rejects.toEqual(coded('audit.too_many_replays'));
    const of = (name: string) => kept.find(({ view }) => view === name) as Replay;
    for (const [name, kind] of [
      ['orders', 'postgres'],
      ['catalog', 'mongodb'],
    ] as const) {
      expect(await isThere(side, of(name), kind)).toBe(true);
      await queries.dropReplay(of(name).id);
      await expect(queries.replayOf(of(name).id)).rejects.toEqual(coded('audit.no_replay'));
      await until(
        () => isThere(side, of(name), kind),
        (found) => !found,
      );
    }
    await expect(queries.dropReplay(of('orders').id)).rejects.toEqual(coded('audit.no_replay'));
    expect(await queries.replays()).toHaveLength(8);
  });

  it('may be named by an instant, by which all counts that was stored', async () => {
    const asked = await queries.replay('orders', instant);
    expect(await doneOf(queries, asked)).toMatchObject({
      at: instant,
      position,
      checksum: then.get('orders')?.checksum,
    });
    await queries.dropReplay(asked.id);
    const before = await queries.replay('catalog', '2001-01-01T00:00:00+01:00');
    const nothing = { state: 'done', position: null, rows: 0, progress: { done: 0, total: 0 } };
    expect(await doneOf(queries, before)).toMatchObject(nothing);
    await queries.dropReplay(before.id);
  });

  it('beyond the end of the log is the view as it is now', async () => {
    const done = await doneOf(queries, await queries.replay('stock', '9999999999999999999'));
    const nothing = { added: 0, missing: 0, changed: 0, keys: [] };
    expect(done).toMatchObject({ position: await head(), state: 'done', difference: nothing });
    await queries.dropReplay(done.id);
  });

  it.each(['customers', 'stock'])('is listed row by row: %s', async (name) => {
    const { id } = (await queries.replays()).find(({ view }) => view === name) as Replay;
    const keys: string[] = [];
    for (let cursor: string | null | undefined; cursor !== null;) {
      const page = await queries.replayRows(id, { limit: 3, ...(cursor === undefined ? {} : { cursor }) });
      keys.push(...page.items.map(({ key }) => key));
      cursor = page.nextCursor;
    }
    expect(keys).toEqual(then.get(name)?.rows.map(({ key }) => key));
    await expect(queries.replayRows(id, { limit: 3, cursor: 'x' })).rejects.toEqual(coded('request.invalid_cursor'));
  });
});

const ofTest = (name: string, kind: Kind) => {
  const view = countsView(kind, { name: `replayed_${name}_${kind}`, category: `rp${name}${kind}` });
  const definition: ViewDefinition = { view };
  const queries = queriesOf([definition]);
  const count = (key: string, ...by: readonly number[]) =>
    side.append(`rp${name}${kind}-${key}`, ...by.map((each) => ({ type: 'Counted', data: { by: each } }) as const));
  return { view, definition, queries, count };
};

describe.each(kinds)('a replay of a view in %s', (kind) => {
  afterEach(() => stopAll());

  it('that is dropped while it runs is stopped and removed, and shows no rows until then', async () => {
    const { definition, queries, count, view } = ofTest('dropped', kind);
    await count('a', 1, 2);
    const [opened, open] = gate();
    const builds = createViewBuilds([definition], side);
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
    run([definition], { builds: { ...builds, storeNamed } });
    const asked = await queries.replay(view.name, await head());
    await until(() => Promise.resolve(hasBegun), Boolean);
    await expect(queries.replayRows(asked.id, { limit: 1 })).rejects.toEqual(coded('audit.replay_running'));
    await queries.dropReplay(asked.id);
    expect(await queries.replays()).toEqual([]);
    open();
    await until(
      () => isThere(side, asked, kind),
      (found) => !found,
    );
  });

  it('that fails says so, and leaves nothing', async () => {
    const { definition, queries, count, view } = ofTest('failed', kind);
    await count('a', 1);
    const builds = createViewBuilds([definition], side);
    const storeNamed: typeof builds.storeNamed = (...given) => ({
      ...builds.storeNamed(...given),
      apply: () => Promise.reject(new Error('It is broken')),
    });
    run([definition], { builds: { ...builds, storeNamed } });
    const failed = await doneOf(queries, await queries.replay(view.name, await head()));
    expect(failed).toMatchObject({ state: 'failed', rows: null, checksum: null });
    await expect(queries.replayRows(failed.id, { limit: 1 })).rejects.toEqual(coded('audit.no_replay'));
    expect(await isThere(side, failed, kind)).toBe(false);
    await queries.dropReplay(failed.id);
  });
});

it('a replay whose process is killed is made by another, with what the view left out as well', async () => {
  const made = kinds.map(async (kind) => {
    const { definition, queries, count, view } = ofTest('killed', kind);
    for (const key of ['a', 'b', 'c', 'd']) await count(key, ...Array.from({ length: 250 }, (_, n) => n));
    await count('e', 1, -1, 1);
    const env = { ...process.env, ...side.env };
    const entry = builtEntry('projections/runner/testing/view-process.js');
    const child = spawn(process.execPath, [entry, kind, view.name, String(view.categories[0]), 'child'], { env });
    const asked = await queries.replay(view.name, await head());
    await until(
      () => queries.replayOf(asked.id),
      ({ progress }) => progress.done > 0,
    );
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(await queries.replayOf(asked.id)).toMatchObject({ state: 'running', rows: null });
    const one = run([definition]);
    expect(await doneOf(queries, asked)).toMatchObject({ state: 'done', rows: 5, parkedKeys: 1 });
    await until(() => one.isLive(view.name), Boolean);
    expect(await rowsOf(side, kind, nameOfReplay(asked))).toEqual(await rowsOfLive(definition));
    await queries.dropReplay(asked.id);
  });
  await Promise.all(made);
  await stopAll();
});

describe('what is asked of replays', () => {
  it.each([
    ['a view that is not there', 'replay', { id: randomUUID(), view: 'nowhere', at: '1' }, 'projection.not_found'],
    ['a place that is none', 'replay', { id: randomUUID(), view: 'orders', at: 'now' }, 'command.invalid'],
    ['an id that is none', 'replay', { id: 'x; drop table y', view: 'orders', at: '1' }, 'command.invalid'],
    ['one that is not there', 'replayOf', { id: randomUUID() }, 'audit.no_replay'],
    ['too many rows at once', 'replayRows', { id: randomUUID(), limit: 102 }, 'command.invalid'],
  ])('is refused: %s', async (_, operation, data, code) => {
    const { postgres, eventStore } = side;
    const bus = createOperationsBus(createOperations({ builds: createViewBuilds(views, side), postgres, eventStore }));
    await expect(bus.ask('projections', operation, data)).rejects.toEqual(coded(code));
  });

  it('may come again', async () => {
    const { postgres, eventStore } = side;
    const bus = createOperationsBus(createOperations({ builds: createViewBuilds(views, side), postgres, eventStore }));
    const asked = { id: randomUUID(), view: 'orders', at: '1' };
    const first = await bus.ask('projections', 'replay', asked);
    expect(await bus.ask('projections', 'replay', asked)).toEqual(first);
    await bus.ask('projections', 'dropReplay', { id: asked.id });
    await bus.ask('projections', 'dropReplay', { id: asked.id });
    expect(await bus.ask('projections', 'replays', {})).toEqual([]);
  });
});
