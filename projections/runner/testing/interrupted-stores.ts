import type { Collection } from 'mongodb';
import type { Message } from '../../../domains/shared/decider.js';
import type { Mongo } from '../../../infra/mongo/mongo.js';
import type { Postgres } from '../../../infra/postgres/postgres.js';
import type { Projection, Tally } from '../../shared/projection.js';
import type { ReadSide } from '../../shared/testing/read-side.js';
import { createMongoStore } from '../mongo-store.js';
import { createPostgresStore } from '../postgres-store.js';
import type { ViewStore } from '../view-store.js';

type Before = () => Promise<unknown>;

/**
 * Tests only. A build in a store of which `before` is waited for when everything of a batch is written but what makes it
 * count: the commit in PostgreSQL, the checkpoints in MongoDB. What it throws is what the server's end would be.
 */
export const interruptedStore = <Event extends Message, Row extends object>(
  { postgres, mongo }: Pick<ReadSide, 'postgres' | 'mongo'>,
  view: Projection<Event, Row> | Tally<Event>,
  build: string,
  before: Before,
): ViewStore =>
  view.store === 'postgres' || 'additions' in view
    ? {
        ...createPostgresStore(postgres, view, build),
        apply: createPostgresStore(beforeCommit(postgres, before), view, build).apply,
      }
    : {
        ...createMongoStore({ mongo, postgres }, view, build),
        apply: createMongoStore({ mongo: beforeCheckpoints(mongo, before), postgres }, view, build).apply,
      };

/** Tests only. What a driver throws when its server is gone. */
export const gone = () => Object.assign(new Error('Connection terminated'), { code: 'ECONNRESET' });

const beforeCommit = (postgres: Postgres, before: Before): Postgres =>
  replacing(postgres, 'connect', async () => {
    const connection = await postgres.connect();
    const { query } = connection as Readonly<{ query: (...given: unknown[]) => Promise<unknown> }>;
    return replacing(connection, 'query', async (...given: unknown[]) => {
      if (given[0] === 'commit') await before();
      return query.apply(connection, given);
    });
  });

const beforeCheckpoints = (mongo: Mongo, before: Before): Mongo => ({
  ...mongo,
  db: replacing(mongo.db, 'collection', (name: string) => {
    const collection = mongo.db.collection(name);
    if (name !== 'projection_checkpoints') return collection;
    return replacing(collection, 'bulkWrite', async (...given: Parameters<Collection['bulkWrite']>) => {
      await before();
      return collection.bulkWrite(...given);
    });
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
