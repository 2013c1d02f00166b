import { isNativeError } from 'node:util/types';
import {
  MongoClient,
  MongoError,
  MongoNetworkError,
  MongoNotConnectedError,
  MongoServerError,
  MongoServerSelectionError,
  MongoTopologyClosedError,
  type Collection,
  type Db,
} from 'mongodb';
import { DomainError } from '../../domains/shared/errors.js';
import { once } from '../process/once.js';
import type { Guard } from '../resilience/guards.js';

/** A MongoDB database, or FerretDB's, reached when it is first used. 64-bit integers are read as bigint. */
export type Mongo = Readonly<{
  db: Db;
  /** Connects, where that was not done yet. A client whose first connection fails is of no use until it is made anew. */
  connect: () => Promise<unknown>;
  /** Whether it is FerretDB, which updates documents without a lock: found out once. */
  isFerretdb: () => Promise<boolean>;
  /** Finds documents by their ids, in any order. */
  findByIds: <Document extends { _id: string }>(
    collection: Collection<Document>,
    ids: readonly string[],
  ) => Promise<readonly Document[]>;
  /** How many updates one bulk may hold: fewer on FerretDB. */
  mostUpdates: () => Promise<number>;
  /** Whether the server answers. */
  isReachable: () => Promise<boolean>;
  close: () => Promise<void>;
  /** Stands before whatever `reachingMongo` does; nothing does without one. */
  guard?: Guard;
}>;

/** The database is the one that the URL's path names, `evermart` without one. */
export const createMongo = (url: string): Mongo => {
  const client = new MongoClient(url, {
    appName: 'evermart',
    serverSelectionTimeoutMS: 2_000,
    connectTimeoutMS: 2_000,
    // A server that takes a command and never answers is as good as away.
    socketTimeoutMS: 20_000,
    useBigInt64: true,
  });
  const db = client.db(databaseOf(url));
  const connect = once(() => client.connect());
  const isFerretdb = once(async () => {
    await connect();
    return 'ferretdbVersion' in (await db.command({ buildInfo: 1 }));
  });
  return {
    db,
    connect,
    isFerretdb,
    findByIds: async (collection, ids) => {
      const found = (filter: object) => collection.find<never>(filter).toArray();
      if (!(await isFerretdb())) return found({ _id: { $in: ids } });
      // FerretDB looks for one id in an index, and for one of several through the whole collection.
      const documents: never[] = [];
      for (let from = 0; from < ids.length; from += mostReads)
        documents.push(...(await Promise.all(ids.slice(from, from + mostReads).map((_id) => found({ _id })))).flat());
      return documents;
    },
    // FerretDB holds a PostgreSQL connection for each update of a command, and hangs when they run out.
    mostUpdates: async () => ((await isFerretdb()) ? 16 : 500),
    isReachable: () =>
      connect()
        .then(() => db.command({ ping: 1 }))
        .then(
          () => true,
          () => false,
        ),
    close: () => client.close(),
  };
};

/** So many reads are under way at once. */
const mostReads = 16;

/** The URL can name several hosts, which `URL` does not read. */
const databaseOf = (url: string) => /^[^/]+\/\/[^/]+\/([^?]+)/.exec(url)?.[1] ?? 'evermart';

/**
 * Gives what `work` gives, with MongoDB's absence told as such.
 *
 * @throws DomainError `service.unavailable` when MongoDB cannot be reached; other errors pass as they are.
 */
export const reachingMongo = async <Result>(
  { connect, guard = unguarded }: Pick<Mongo, 'connect' | 'guard'>,
  work: () => Promise<Result>,
): Promise<Result> => {
  try {
    return await guard(async () => {
      await connect();
      return work();
    });
  } catch (error) {
    if (!isMongoAway(error)) throw error;
    const refusal = new DomainError('service.unavailable', 'MongoDB does not answer; try again soon');
    refusal.cause = error;
    throw refusal;
  }
};

const unguarded: Guard = (work) => work();

/** Whether an error says that the server is away, starting or stopping, rather than that a command was wrong. */
export const isMongoAway = (error: unknown): boolean => {
  if (error instanceof MongoNetworkError || error instanceof MongoServerSelectionError) return true;
  if (error instanceof MongoTopologyClosedError || error instanceof MongoNotConnectedError) return true;
  if (error instanceof MongoServerError)
    return goingAway.has(Number(error.code)) || (error.code === 1 && postgresAway.test(error.message));
  if (error instanceof MongoError) return error.cause !== undefined && isMongoAway(error.cause);
  return isNativeError(error) && 'code' in error && socketCodes.test(String(error.code));
};

/** A socket that ends while a command is written fails it with an error of its own, which the driver passes on. */
const socketCodes = /^(ECONN.*|EPIPE|ETIMEDOUT|EHOSTUNREACH)$/;

/** Server codes of shutdowns and elections (src/mongo/base/error_codes.yml). */
const goingAway = new Set([91, 189, 10107, 11600, 11602, 13435, 13436]);

/** FerretDB tells of its PostgreSQL's absence as an internal error, with what the driver under it said. */
const postgresAway = /SQLSTATE (08|57P0)|failed to connect to|conn closed|unexpected EOF|connection re(set|fused)/;

/** Whether a write was refused since its `_id` exists. */
export const isDuplicateKey = (error: unknown): boolean => error instanceof MongoServerError && error.code === 11000;
