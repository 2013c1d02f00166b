import { openKept } from '../infra/security/sealing.js';
import { coded } from '../infra/service-bus/testing/services.js';
import { accounts, type Account } from './accounts/projection.js';
import { createLeases } from './runner/leases.js';
import type { ProjectionQueries, Replay } from './runner/queries.js';
import { rowsOf, type KeptRow } from './runner/testing/kinds.js';
import { until } from './runner/testing/until.js';
import { createViewBuilds } from './runner/view-builds.js';
import type { ViewDefinition } from './runner/view-definition.js';
import { doneOf, kindOf, liveBuild, startReplayDesk, type ReplayDesk } from './testing/replay-desk.js';
import { differenceOf, isThere, nameOfReplay } from './testing/replayed.js';
import { createShopHistory, type ShopHistory, type Story } from './testing/shop-history.js';
import { views } from './views.js';

let desk: ReplayDesk;
let history: ShopHistory;

beforeAll(async () => {
  desk = await startReplayDesk();
  history = createShopHistory(desk.side);
});
afterAll(() => desk.side.stop());

/** The checksum of the build that serves, as rebuilds are compared by it. */
const checksumOf = async (definition: ViewDefinition) => {
  const { store } = createViewBuilds([definition], desk.side).anyBuildOf(definition, { ...definition.view, number: 1 });
  const leases = await createLeases(desk.side.postgres).takeAll('test', [liveBuild(definition)]);
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
  let queries: ProjectionQueries;

  beforeAll(async () => {
    stories = [await history.sell(), await history.sell(), await history.sell(), await history.sell()];
    position = await desk.head();
    instant = new Date().toISOString();
    await desk.bringUpToDate();
    await desk.stopAll();
    for (const definition of views) {
      const { rows, checksum } = await checksumOf(definition);
      then.set(definition.view.name, { rows: await desk.rowsOfLive(definition), rowCount: rows, checksum });
    }
    const [first, second] = stories as [Story, Story];
    await history.takeBack(first);
    await history.erase(second.userId);
    await history.sell();
    await desk.bringUpToDate();
    queries = desk.queriesOf(views);
  });

  afterAll(async () => {
    for (const { id } of await queries.replays()) await queries.dropReplay(id);
    await untilRemoved();
    await desk.stopAll();
  });

  const untilRemoved = () =>
    until(
      () => desk.side.postgres.query('select from projection_replays'),
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
      const replayed = await rowsOf(desk.side, kindOf(definition), nameOfReplay(done));
      expect(replayed).toEqual(before?.rows);
      const difference = differenceOf(replayed, await desk.rowsOfLive(definition));
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
      expect(await isThere(desk.side, of(name), kind)).toBe(true);
      await queries.dropReplay(of(name).id);
      await expect(queries.replayOf(of(name).id)).rejects.toEqual(coded('audit.no_replay'));
      await until(
        () => isThere(desk.side, of(name), kind),
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
    expect(done).toMatchObject({ position: await desk.head(), state: 'done', difference: nothing });
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
