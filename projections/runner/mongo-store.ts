import type { Message } from '../../domains/shared/decider.js';
import type { Position } from '../../infra/event-store/stored-event.js';
import { reachingMongo, type Mongo } from '../../infra/mongo/mongo.js';
import type { Postgres } from '../../infra/postgres/postgres.js';
import { checkpointsIn, collectionOf, parkedIn, watermarkIn, type ViewIndexes } from '../shared/mongo-view.js';
import type { Projection } from '../shared/projection.js';
import { foldRows } from './fold.js';
import type { Lease } from './leases.js';
import { advance, claimIn, mustHold } from './mongo-checkpoints.js';
import { snapshotIn } from './mongo-checksum.js';
import { differenceBetween } from './mongo-difference.js';
import { lockedBy, type StillHeld } from './mongo-lock.js';
import {
  countParkedKeysIn,
  dropParkedIn,
  forgetIn,
  parkIn,
  parkedOfIn,
  requestedIn,
  requestIn,
} from './mongo-parked.js';
import { insertRows, readRows, replaceRows, rowsAfter } from './mongo-rows.js';
import type { HeldPartition } from './plan.js';
import type { ViewStore } from './view-store.js';

/**
 * Keeps a build of a view in MongoDB, which need not have transactions: every document once with its position and
 * the epoch of its writer, then what is left behind, then the checkpoints. A batch that was cut short comes again, and what
 * it has written already is left as it is.
 */
export const createMongoStore = <Event extends Message, Row extends object>(
  { mongo, postgres }: Readonly<{ mongo: Mongo; postgres: Postgres }>,
  projection: Projection<Event, Row>,
  build: string,
  indexes: ViewIndexes = [],
): ViewStore => {
  const collection = collectionOf<Row>(mongo, build);

  /** Runs `work` while nobody else can write what is held. */
  const writing = <Result>(held: readonly HeldPartition[], work: (stillHeld: StillHeld) => Promise<Result>) =>
    reachingMongo(mongo, async () => {
      const lock = (await mongo.isFerretdb()) ? postgres : null;
      return lockedBy(lock, build, held, work);
    });

  return {
    prepare: () =>
      reachingMongo(mongo, async () => {
        for (const index of indexes) await collection.createIndex(index);
        await parkedIn(mongo).createIndex({ build: 1, key: 1, commit: 1 });
      }),

    claim: (leases: readonly Lease[]) =>
      reachingMongo(mongo, async () => {
        const lock = (await mongo.isFerretdb()) ? postgres : null;
        return lockedBy(lock, build, leases, () => claimIn(mongo, build, leases));
      }),

    apply: (plan, end: Position, isGivenUp) =>
      writing(plan.moved, async (stillHeld) => {
        await mustHold(mongo, build, plan.moved);
        const stored = await readRows(mongo, collection, [...plan.groups.keys()]);
        const { rows, leftBehind } = foldRows(projection, plan.groups, stored, isGivenUp);
        const epochs = epochsOf(plan.moved);
        await insertRows(collection, rows, { stored, epochs, stillHeld });
        await replaceRows(collection, rows, { stored, epochs, stillHeld, most: await mongo.mostUpdates() });
        const later = plan.parked.map((event) => ({ event, error: undefined }));
        await parkIn(mongo, build, [...later, ...leftBehind], stillHeld);
        await stillHeld();
        await advance(mongo, build, plan.moved, end);
        return leftBehind;
      }),

    watermark: () => reachingMongo(mongo, () => watermarkIn(mongo, build)),

    requested: (held) => reachingMongo(mongo, () => requestedIn(mongo, build, held)),

    parkedOf: (which) => reachingMongo(mongo, () => parkedOfIn(mongo, build, which)),

    countParkedKeys: () => reachingMongo(mongo, () => countParkedKeysIn(mongo, build)),

    request: (key, request) => reachingMongo(mongo, () => requestIn(mongo, build, { key, request })),

    redrive: (held, key, events) =>
      writing([held], async (stillHeld) => {
        await mustHold(mongo, build, [held]);
        const stored = await readRows(mongo, collection, [key]);
        const groups = new Map(events.length === 0 ? [] : [[key, events]]);
        const { rows, leftBehind } = foldRows(projection, groups, stored, () => true);
        const epochs = epochsOf([held]);
        await insertRows(collection, rows, { stored, epochs, stillHeld });
        await replaceRows(collection, rows, { stored, epochs, stillHeld, most: 1 });
        await stillHeld();
        await forgetIn(mongo, build, { key, through: events.at(-1)?.stored.position.commit ?? -1n }, leftBehind);
        return leftBehind;
      }),

    discard: (held, key) =>
      writing([held], async (stillHeld) => {
        await mustHold(mongo, build, [held]);
        const parked = await parkedOfIn(mongo, build, { key });
        await stillHeld();
        await forgetIn(mongo, build, { key, through: parked.at(-1)?.position ?? -1n }, []);
      }),

    snapshot: (held) => Promise.resolve(snapshotIn(mongo, collection, held)),

    rowsAfter: (key, limit) => reachingMongo(mongo, () => rowsAfter(collection, key, limit)),

    differenceFrom: (other) =>
      reachingMongo(mongo, () => differenceBetween(collectionOf(mongo, build), collectionOf(mongo, other))),

    drop: () =>
      reachingMongo(mongo, async () => {
        await checkpointsIn(mongo).deleteMany({ build });
        await dropParkedIn(mongo, build);
        await collection.drop();
      }),
  };
};

const epochsOf = (held: readonly HeldPartition[]): ReadonlyMap<number, bigint> =>
  new Map(held.map(({ partition, epoch }) => [partition, epoch]));
