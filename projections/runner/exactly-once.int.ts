import type { Collection } from 'mongodb';
import type { Mongo } from '../../infra/mongo/mongo.js';
import type { Postgres, PostgresConnection } from '../../infra/postgres/postgres.js';
import { collectionOf } from '../shared/mongo-view.js';
import type { Projection } from '../shared/projection.js';
import { asStored, silent, startReadSide, type ReadSide } from '../shared/testing/read-side.js';
import { nameOf } from '../shared/view.js';
import { createMongoStore } from './mongo-store.js';
import { createPostgresStore } from './postgres-store.js';
import { runView } from './running-view.js';
import { countsView, type Count, type Counted } from './testing/counts.js';
import { Overtaken, type ViewStore } from './view-store.js';

let readSide: ReadSide;
let end: bigint;

beforeAll(async () => {
  readSide = await startReadSide();
  const random = randomNumbers(7);
  for (let n = 0; n < 300; n += 1) {
    const forget = random(10) === 0;
    const event: Counted = forget ? { type: 'Forgotten', data: {} } : { type: 'Counted', data: { by: random(100) } };
    end = await readSide.append(`count-${random(25)}`, event);
  }
});

afterAll(() => readSide.stop());

type Counts = Projection<Counted, Count>;

const kinds = {
  postgres: {
    storeOf: (view: Counts) => createPostgresStore(readSide.postgres, view),
    /** Its server is gone at the commit of a batch. */
    dyingStoreOf: (view: Counts) => ({
      ...createPostgresStore(readSide.postgres, view),
      apply: createPostgresStore(dyingAtCommit(readSide.postgres), view).apply,
    }),
    rowsOf: async (view: Counts) => {
      const { rows } = await readSide.postgres.query(`select key, data, position from ${nameOf(view)} order by key`);
      return rows as object[];
    },
  },
  mongodb: {
    storeOf: (view: Counts) => createMongoStore(readSide.mongo, view),
    /** Its server is gone when the documents are written and the checkpoint is not. */
    dyingStoreOf: (view: Counts) => createMongoStore(dyingAtCheckpoint(readSide.mongo), view),
    rowsOf: async (view: Counts): Promise<object[]> =>
      collectionOf<Count>(readSide.mongo, view).find().sort({ _id: 1 }).toArray(),
  },
} as const;

describe.each(['postgres', 'mongodb'] as const)('a view in %s', (kind) => {
  const { storeOf, dyingStoreOf, rowsOf } = kinds[kind];
  const interrupted = countsView(kind, { version: 1 });
  const uninterrupted = countsView(kind, { version: 2 });

  it('is the same however often its runner was ended', async () => {
    const random = randomNumbers(11);
    let runs = 0;
    for (let reached = -1n; reached < end; runs += 1) {
      const isKilled = runs % 3 === 1;
      const store = isKilled ? dyingStoreOf(interrupted) : storeOf(interrupted);
      reached = await runFor(store, { batches: isKilled ? 1 : 1 + random(4), most: 1 + random(40) });
    }
    await runFor(storeOf(uninterrupted), { batches: Infinity, most: 500 });
    expect(runs).toBeGreaterThan(5);
    const rows = await rowsOf(uninterrupted);
    expect(rows.length).toBeGreaterThan(15);
    expect(await rowsOf(interrupted)).toEqual(rows);
  });

  it('is written by one runner at a time', async () => {
    const { apply } = storeOf(uninterrupted);
    const elsewhere = { commit: 0n, prepare: 1n };
    const batch = await firstBatch();
    const rows = await rowsOf(uninterrupted);
    await expect(apply(batch, null)).rejects.toMatchObject({ name: Overtaken.name });
    await expect(apply(batch, elsewhere)).rejects.toMatchObject({ name: Overtaken.name });
    expect(await rowsOf(uninterrupted)).toEqual(rows);
  });
});

describe('a document in MongoDB', () => {
  it('is not overwritten by a writer that has read an older one', async () => {
    const view = countsView('mongodb', { version: 3 });
    const documents = collectionOf<Count>(readSide.mongo, view);
    const [first] = await firstBatch();
    const previous = await createMongoStore(readSide.mongo, view).apply([first], null);
    const later = { ...first, position: { commit: previous.commit + 1n, prepare: previous.commit + 1n } };
    const newer = { row: { sum: 7, times: 7 }, position: previous.commit + 9n };
    const overtakenMongo = withCollection(readSide.mongo, nameOf(view), (collection) =>
      replacing(collection, 'bulkWrite', async (...given: Parameters<typeof collection.bulkWrite>) => {
        await documents.updateOne({ _id: first.streamId }, { $set: newer });
        return collection.bulkWrite(...given);
      }),
    );
    const overtaken = createMongoStore(overtakenMongo, view).apply([later], previous);
    await expect(overtaken).rejects.toMatchObject({ name: Overtaken.name });
    expect(await documents.findOne({ _id: first.streamId })).toMatchObject(newer);
  });
});

/** Runs a view until it has applied so many batches, or everything, or its store dies. Gives how far it has got. */
const runFor = async (store: ViewStore, { batches, most }: { batches: number; most: number }): Promise<bigint> => {
  let left = batches;
  const watched: ViewStore = {
    ...store,
    apply: async (batch, previous) => {
      left -= 1;
      try {
        return await store.apply(batch, previous);
      } finally {
        if (left === 0 || (batch.at(-1)?.position.commit ?? 0n) === end) void view.stop();
      }
    },
  };
  const { eventStore } = readSide;
  const view = runView(countsView('postgres'), watched, { eventStore, log: silent, present: asStored, most });
  await view.ended;
  return (await store.checkpoint())?.commit ?? -1n;
};

const firstBatch = async () => {
  const options = { after: null, most: 1, signal: new AbortController().signal };
  for await (const [first] of readSide.eventStore.follow(['count'], options)) if (first) return [first] as const;
  throw new Error('The log is empty');
};

const dying = () => Object.assign(new Error('Connection terminated'), { code: 'ECONNRESET' });

const dyingAtCommit = (postgres: Postgres): Postgres =>
  replacing(postgres, 'connect', async () => {
    const connection = await postgres.connect();
    return replacing(connection, 'query', (...given: Parameters<PostgresConnection['query']>) =>
      (given[0] as unknown) === 'commit' ? Promise.reject(dying()) : connection.query(...given),
    );
  });

const dyingAtCheckpoint = (mongo: Mongo): Mongo =>
  withCollection(mongo, 'checkpoints', (collection) => {
    const die = () => Promise.reject(dying());
    return replacing(replacing(collection, 'updateOne', die), 'insertOne', die);
  });

const withCollection = (mongo: Mongo, replaced: string, by: (collection: Collection) => Collection): Mongo => ({
  ...mongo,
  db: replacing(mongo.db, 'collection', (name: string) => {
    const collection = mongo.db.collection(name);
    return name === replaced ? by(collection) : collection;
  }),
});

/** The same object but for one method. */
const replacing = <T extends object>(object: T, method: keyof T, replacement: unknown): T =>
  new Proxy(object, {
    get: (target, name) => {
      if (name === method) return replacement;
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });

/** A function that gives the same numbers below its argument in every run (Park and Miller's generator). */
function randomNumbers(seed: number) {
  let state = seed;
  return (below: number) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % below;
  };
}
