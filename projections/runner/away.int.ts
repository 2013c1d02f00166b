import { createEventStore, type EventStore } from '../../infra/event-store/event-store.js';
import type { StoredEvent } from '../../infra/event-store/stored-event.js';
import { createMongo, type Mongo } from '../../infra/mongo/mongo.js';
import { createPostgres, type Postgres } from '../../infra/postgres/postgres.js';
import { readMongoView } from '../shared/mongo-view.js';
import { readPostgresView } from '../shared/postgres-view.js';
import { asItIs, asStored, freshAs, startReadSide, type ReadSide } from '../shared/testing/read-side.js';
import { isLive } from './caught-up.js';
import { createMongoStore } from './mongo-store.js';
import { createPostgresStore } from './postgres-store.js';
import { runView, type RunnerOptions, type RunningView } from './running-view.js';
import { countsView, type Count } from './testing/counts.js';
import { startProxy, type Proxy } from './testing/proxy.js';
import { listeningLog } from './testing/told.js';

const rows = countsView('postgres');
const documents = countsView('mongodb');

let readSide: ReadSide;
let ways: Readonly<Record<'postgres' | 'mongodb' | 'eventStore', Proxy>>;
let postgres: Postgres;
let mongo: Mongo;
let eventStore: EventStore;
let views: readonly RunningView[] = [];
let heard: ReturnType<typeof listeningLog>;

beforeAll(async () => {
  readSide = await startReadSide();
  ways = {
    postgres: await startProxy(readSide.env.POSTGRES_URL),
    mongodb: await startProxy(readSide.env.MONGODB_URL),
    eventStore: await startProxy(readSide.env.EVENTSTORE_URL),
  };
  postgres = createPostgres(ways.postgres.url);
  mongo = createMongo(ways.mongodb.url);
  eventStore = createEventStore(ways.eventStore.url);
});

beforeEach(() => {
  heard = listeningLog();
  const options: RunnerOptions = {
    eventStore,
    log: heard.log,
    present: asStored,
    retryMs: { first: 10, longest: 200 },
  };
  views = [
    runView(rows, createPostgresStore(postgres, rows), options),
    runView(documents, createMongoStore(mongo, documents), options),
  ];
});

afterEach(async () => {
  for (const way of Object.values(ways)) way.mend();
  await Promise.all(views.map((view) => view.stop()));
});

afterAll(async () => {
  await Promise.all([postgres.end(), mongo.close(), eventStore.dispose()]);
  await Promise.all(Object.values(ways).map((way) => way.close()));
  await readSide.stop();
});

const count = (key: string, by: number) => readSide.append(`count-${key}`, { type: 'Counted', data: { by } });
const inPostgres = () => readPostgresView<Count>(postgres, rows);
const inMongo = () => readMongoView<Count>(mongo, documents);
const areLive = () => Promise.all(views.map((view) => isLive(view, eventStore)));
const times = (msg: string, view: string) =>
  heard.lines.filter((line) => line.msg === msg && line.view === view).length;
const away = { code: 'service.unavailable' };

describe('a store that is away', () => {
  it('holds up only its own view: PostgreSQL', async () => {
    const before = freshAs('count', await count('a', 1));
    await Promise.all([inPostgres().byKey('count-a', before), inMongo().byKey('count-a', before)]);
    expect(await areLive()).toEqual([true, true]);
    ways.postgres.cut();
    const fresh = freshAs('count', await count('a', 2));
    expect((await inMongo().byKey('count-a', fresh))?.item).toEqual({ sum: 3, times: 2 });
    await heard.told(rows.name, 'the view waits');
    await expect(inPostgres().byKey('count-a', asItIs)).rejects.toMatchObject(away);
    expect(await areLive()).toEqual([false, true]);
    ways.postgres.mend();
    expect((await inPostgres().byKey('count-a', fresh))?.item).toEqual({ sum: 3, times: 2 });
    await heard.told(rows.name, 'the view goes on');
    expect([times('the view waits', rows.name), times('the view goes on', rows.name)]).toEqual([1, 1]);
    expect(times('the view waits', documents.name)).toBe(0);
    expect(await areLive()).toEqual([true, true]);
  });

  it('holds up only its own view: MongoDB', async () => {
    const before = freshAs('count', await count('b', 1));
    await Promise.all([inPostgres().byKey('count-b', before), inMongo().byKey('count-b', before)]);
    ways.mongodb.cut();
    const fresh = freshAs('count', await count('b', 2));
    expect((await inPostgres().byKey('count-b', fresh))?.item).toEqual({ sum: 3, times: 2 });
    await heard.told(documents.name, 'the view waits');
    await expect(inMongo().byKey('count-b', asItIs)).rejects.toMatchObject(away);
    ways.mongodb.mend();
    expect((await inMongo().byKey('count-b', fresh))?.item).toEqual({ sum: 3, times: 2 });
    await heard.told(documents.name, 'the view goes on');
    expect([times('the view waits', documents.name), times('the view goes on', documents.name)]).toEqual([1, 1]);
  });
});

describe('engines that are not there at the start', () => {
  it('are waited for, each by those that need it', async () => {
    for (const way of Object.values(ways)) way.cut();
    const early = {
      postgres: createPostgres(ways.postgres.url),
      mongo: createMongo(ways.mongodb.url),
      eventStore: createEventStore(ways.eventStore.url),
    };
    const options: RunnerOptions = {
      ...early,
      log: heard.log,
      present: asStored,
      retryMs: { first: 10, longest: 200 },
    };
    const [inRows, inDocuments] = [
      { ...rows, name: 'early_rows' },
      { ...documents, name: 'early_documents' },
    ];
    const started = [
      runView(inRows, createPostgresStore(early.postgres, inRows), options),
      runView(inDocuments, createMongoStore(early.mongo, inDocuments), options),
    ];
    await Promise.all(started.map(({ view }) => heard.told(view.name, 'the view waits')));
    const fresh = freshAs('count', await count('e', 1));
    for (const way of Object.values(ways)) way.mend();
    await Promise.all(started.map(({ view }) => heard.told(view.name, 'the view goes on')));
    expect(await readPostgresView(early.postgres, inRows).byKey('count-e', fresh)).toEqual({ sum: 1, times: 1 });
    expect(await readMongoView(early.mongo, inDocuments).byKey('count-e', fresh)).toEqual({ sum: 1, times: 1 });
    await Promise.all(started.map((view) => view.stop()));
    await Promise.all([early.postgres.end(), early.mongo.close(), early.eventStore.dispose()]);
  });
});

describe('an event store that is away', () => {
  it('is waited for, and queries go on', async () => {
    const before = freshAs('count', await count('c', 1));
    await Promise.all([inPostgres().byKey('count-c', before), inMongo().byKey('count-c', before)]);
    ways.eventStore.cut();
    await Promise.all(views.map(({ view }) => heard.told(view.name, 'the view waits')));
    expect((await inPostgres().byKey('count-c', before))?.item).toEqual({ sum: 1, times: 1 });
    expect(await areLive()).toEqual([false, false]);
    ways.eventStore.mend();
    // Nothing need happen for a view to know that all is well again.
    await Promise.all(views.map(({ view }) => heard.told(view.name, 'the view goes on')));
    const fresh = freshAs('count', await count('c', 2));
    expect((await inPostgres().byKey('count-c', fresh))?.item).toEqual({ sum: 3, times: 2 });
    expect((await inMongo().byKey('count-c', fresh))?.item).toEqual({ sum: 3, times: 2 });
  });
});

describe('an event that a projection cannot apply', () => {
  it('stops its view there, by name, and nothing is passed over', async () => {
    await count('d', 1);
    const poison = await count('d', -1);
    await count('d', 5);
    await Promise.all(views.map((view) => view.ended));
    expect(views.map((view) => view.state())).toEqual(['stopped', 'stopped']);
    const told = heard.lines.filter(({ msg }) => msg === 'the view stopped at an event that it cannot apply');
    expect(told.map(({ view }) => view).sort()).toEqual([documents.name, rows.name]);
    expect(told).toEqual([1, 1].map((revision) => expect.objectContaining({ stream: 'count-d', revision }) as object));
    expect(await areLive()).toEqual([false, false]);
    const stale = { after: new Map([['count', poison]]), waitMs: 50 };
    await expect(inPostgres().byKey('count-d', stale)).rejects.toMatchObject({ code: 'view.behind' });
  });
});

describe('an event that cannot be brought to the present shape', () => {
  it('stops its view there, by name', async () => {
    const view = { ...rows, name: 'unreadable', categories: ['unreadable'] };
    const present = (event: StoredEvent): StoredEvent => {
      if (event.type === 'Unheard') throw new Error('Nobody knows such events');
      return event;
    };
    await readSide.append('unreadable-a', { type: 'Unheard', data: {} });
    const running = runView(view, createPostgresStore(postgres, view), { eventStore, log: heard.log, present });
    await running.ended;
    expect(running.state()).toBe('stopped');
    expect(heard.lines.find((line) => line.view === view.name)).toMatchObject({
      msg: 'the view stopped at an event that it cannot apply',
      stream: 'unreadable-a',
      revision: 0,
      type: 'Unheard',
    });
    expect(running.position()).toBeNull();
  });
});
