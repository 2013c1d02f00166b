import { createEventStore, type EventStore } from '../../../infra/event-store/event-store.js';
import { createMongo, type Mongo } from '../../../infra/mongo/mongo.js';
import { createPostgres, type Postgres } from '../../../infra/postgres/postgres.js';
import { startFreezingProxy } from '../../../infra/postgres/testing/freezing-proxy.js';
import { asItIs, freshAs, startReadSide, type ReadSide } from '../../shared/testing/read-side.js';
import { leaseSeconds } from '../leases.js';
import type { RunningProjections } from '../runner.js';
import { countsView } from '../testing/counts.js';
import { readCount } from '../testing/kinds.js';
import { startProxy, type Proxy } from '../testing/proxy.js';
import { runViews } from '../testing/run-views.js';
import { listeningLog } from '../testing/told.js';
import { until } from '../testing/until.js';

const rows = countsView('postgres', { name: 'away_rows' });
const documents = countsView('mongodb', { name: 'away_documents' });
const definitions = [{ view: rows }, { view: documents }];

let readSide: ReadSide;
let ways: Readonly<Record<'postgres' | 'mongodb' | 'eventStore', Proxy>>;
let engines: Readonly<{ postgres: Postgres; mongo: Mongo; eventStore: EventStore }>;
let heard: ReturnType<typeof listeningLog>;
let running: RunningProjections;

const reach = () => ({
  postgres: createPostgres(ways.postgres.url),
  mongo: createMongo(ways.mongodb.url),
  eventStore: createEventStore(ways.eventStore.url),
});
const leave = ({ postgres, mongo, eventStore }: typeof engines) =>
  Promise.all([postgres.end(), mongo.close(), eventStore.dispose()]);

beforeAll(async () => {
  readSide = await startReadSide();
  ways = {
    postgres: await startProxy(readSide.env.POSTGRES_URL),
    mongodb: await startProxy(readSide.env.MONGODB_URL),
    eventStore: await startProxy(readSide.env.EVENTSTORE_URL),
  };
});
beforeEach(() => {
  engines = reach();
  heard = listeningLog();
});
afterEach(async () => {
  for (const way of Object.values(ways)) way.mend();
  await running.stop();
  await leave(engines);
});
afterAll(async () => {
  await Promise.all(Object.values(ways).map((way) => way.close()));
  await readSide.stop();
});

const start = () => {
  running = runViews(engines, definitions, { log: heard.log });
};
const areLive = () => until(() => Promise.all(definitions.map(({ view }) => running.isLive(view.name))), all(true));
const all = (wanted: boolean) => (seen: readonly boolean[]) => seen.every((each) => each === wanted);
const count = (key: string, by: number) => readSide.append(`count-${key}`, { type: 'Counted', data: { by } });
const inPostgres = (...given: Parameters<ReturnType<typeof readCount>>) =>
  readCount(engines, 'postgres', rows)(...given).then((found) => found?.item);
const inMongo = (...given: Parameters<ReturnType<typeof readCount>>) =>
  readCount(engines, 'mongodb', documents)(...given).then((found) => found?.item);
const away = { code: 'service.unavailable' };

describe('a store that is away', () => {
  it('holds up only its own view: MongoDB', async () => {
    start();
    await areLive();
    ways.mongodb.cut();
    for (const [index, by] of [1, 2, 3].entries()) {
      const fresh = freshAs('count', await count('a', by));
      expect(await inPostgres('count-a', fresh)).toMatchObject({ times: index + 1 });
    }
    await heard.told(documents.name, 'the view waits');
    expect(await running.isLive(rows.name)).toBe(true);
    await until(
      () => running.isLive(documents.name),
      (isLive) => !isLive,
    );
    await expect(inMongo('count-a', asItIs)).rejects.toMatchObject(away);
    const fresh = freshAs('count', await count('a', 4));
    ways.mongodb.mend();
    expect(await inMongo('count-a', fresh)).toEqual({ sum: 10, times: 4 });
    await areLive();
    expect(heard.lines.some((line) => line.view === rows.name && line.msg === 'the view waits')).toBe(false);
  });

  it('holds up whatever is led by it: PostgreSQL, while MongoDB is read', async () => {
    start();
    const before = freshAs('count', await count('b', 1));
    expect(await inMongo('count-b', before)).toEqual({ sum: 1, times: 1 });
    expect(await inPostgres('count-b', before)).toEqual({ sum: 1, times: 1 });
    ways.postgres.cut();
    const fresh = freshAs('count', await count('b', 2));
    await heard.told(rows.name, 'the view waits');
    await expect(inPostgres('count-b', asItIs)).rejects.toMatchObject(away);
    expect(await inMongo('count-b', before)).toMatchObject({ sum: expect.any(Number) as number });
    ways.postgres.mend();
    expect(await inPostgres('count-b', fresh)).toEqual({ sum: 3, times: 2 });
    expect(await inMongo('count-b', fresh)).toEqual({ sum: 3, times: 2 });
    await areLive();
  });
});

it('an event store that is away is waited for, and views know that it is back though nothing happens', async () => {
  start();
  const before = freshAs('count', await count('c', 1));
  expect(await inPostgres('count-c', before)).toEqual({ sum: 1, times: 1 });
  await areLive();
  ways.eventStore.cut();
  await Promise.all(definitions.map(({ view }) => heard.told(view.name, 'the view waits')));
  expect(await inPostgres('count-c', before)).toEqual({ sum: 1, times: 1 });
  await until(() => Promise.all(definitions.map(({ view }) => running.isLive(view.name))), all(false));
  ways.eventStore.mend();
  await Promise.all(definitions.map(({ view }) => heard.told(view.name, 'the view goes on')));
  await areLive();
});

it('engines that are not there at the start are waited for', async () => {
  for (const way of Object.values(ways)) way.cut();
  start();
  await until(
    () => Promise.resolve(heard.lines),
    (lines) => lines.some(({ msg }) => msg.includes('cannot be looked after')),
  );
  const fresh = freshAs('count', await count('d', 1));
  for (const way of Object.values(ways)) way.mend();
  await areLive();
  expect(await inPostgres('count-d', fresh)).toEqual({ sum: 1, times: 1 });
  expect(await inMongo('count-d', fresh)).toEqual({ sum: 1, times: 1 });
});

it('a store that says nothing keeps nobody from the leases of the other', async () => {
  const frozen = await startFreezingProxy(readSide.env.MONGODB_URL);
  const mongo = createMongo(frozen.url);
  running = runViews({ ...engines, mongo }, definitions, { log: heard.log });
  await areLive();
  const lease = async () => {
    const { rows: leases } = await readSide.postgres.query<{ epoch: bigint; expires: Date }>(
      'select epoch, expires from projection_leases where build = $1 and partition = 0',
      ['view_away_rows_v1_1'],
    );
    return leases[0] ?? { epoch: -1n, expires: new Date(0) };
  };
  frozen.freeze();
  const before = await lease();
  // It is renewed for as long as it lasts, and so never changes hands.
  const lasting = before.expires.getTime() + 1_000 * leaseSeconds;
  const after = await until(lease, ({ expires }) => expires.getTime() > lasting);
  expect(after.epoch).toBe(before.epoch);
  expect(await running.isLive(rows.name)).toBe(true);
  frozen.thaw();
  await areLive();
  await running.stop();
  await mongo.close();
  await frozen.close();
});
