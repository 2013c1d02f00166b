import type { Message } from '../../domains/shared/decider.js';
import {
  isUndefinedTable,
  ensureSchema,
  inTransaction,
  reachingPostgres,
  type Postgres,
  type PostgresConnection,
} from '../../infra/postgres/postgres.js';
import { changesTableOf } from '../shared/change-feed/change-log.js';
import { tableOf, type ViewTable } from '../shared/postgres-view.js';
import type { Projection, Tally } from '../shared/projection.js';
import type { LeftBehind } from './fold.js';
import { advance, claim, hold, watermarkOf } from './postgres-checkpoints.js';
import { countParkedKeys, forgetParked, park, parkedOf, requestedKeys, requestParked } from './postgres-parked.js';
import { differenceFrom, rowsAfter } from './postgres-rows.js';
import { writesOf, type Writes } from './postgres-writes.js';
import { snapshotOf } from './postgres-checksum.js';
import { Overtaken, type ViewStore } from './view-store.js';

/**
 * Keeps a build of a view in PostgreSQL: its rows, its parked events and its checkpoints change in one transaction, which
 * begins with the checkpoints. That locks them: whoever else keeps one of the partitions waits, and is then refused.
 */
export const createPostgresStore = <Event extends Message, Row extends object>(
  postgres: Postgres,
  view: Projection<Event, Row> | Tally<Event>,
  build: string,
  table: ViewTable = {},
): ViewStore => {
  const writes: Writes = writesOf(view, build);
  const transaction = <Result>(work: (connection: PostgresConnection) => Promise<Result>) =>
    reachingPostgres(() => inTransaction(postgres, work).catch(refuseDropped(build)));
  return {
    prepare: () =>
      reachingPostgres(() => ensureSchema(postgres, [tableOf(build, table), ...writes.furtherTables].join(';\n'))),

    claim: (leases) => transaction((connection) => claim(connection, build, leases)),

    apply: (plan, end, isGivenUp) =>
      transaction(async (connection) => {
        await advance(connection, build, plan.moved, end);
        const leftBehind = await writes.write(connection, plan.groups, isGivenUp);
        await park(connection, build, [...plan.parked.map(later), ...leftBehind]);
        return leftBehind;
      }),

    watermark: () => reachingPostgres(() => watermarkOf(postgres, build)),

    requested: (held) => reachingPostgres(() => requestedKeys(postgres, build, held)),

    parkedOf: (which) => reachingPostgres(() => parkedOf(postgres, build, which)),

    countParkedKeys: () => reachingPostgres(() => countParkedKeys(postgres, build)),

    request: (key, request) => reachingPostgres(() => requestParked(postgres, build, { key, request })),

    redrive: (held, key, events) =>
      transaction(async (connection) => {
        await hold(connection, build, held);
        const groups = new Map(events.length === 0 ? [] : [[key, events]]);
        const leftBehind = await writes.write(connection, groups, () => true, held.position);
        await forgetParked(connection, build, key, leftBehind);
        return leftBehind;
      }),

    discard: (held, key) =>
      transaction(async (connection) => {
        await hold(connection, build, held);
        await forgetParked(connection, build, key, []);
      }),

    snapshot: () => reachingPostgres(() => snapshotOf(postgres, build)),

    rowsAfter: (key, limit) =>
      reachingPostgres(() => rowsAfter(postgres, build, key, limit).catch(refuseDropped(build))),

    differenceFrom: (other) =>
      reachingPostgres(() => differenceFrom(postgres, build, other).catch(refuseDropped(build))),

    drop: () =>
      transaction(async (connection) => {
        // A server that is still waiting when nobody is any more would keep the connection.
        await connection.query(`set local lock_timeout = '3s'`);
        for (const kept of ['checkpoints', 'parked'])
          await connection.query(`delete from projection_${kept} where build = $1`, [build]);
        for (const each of [build, changesTableOf(build)]) await connection.query(`drop table if exists ${each}`);
      }),
  };
};

const later = (event: LeftBehind['event']): LeftBehind => ({ event, error: undefined });

/** A build that is being dropped is nobody's to write any more. */
const refuseDropped = (build: string) => (error: unknown) => {
  if (isUndefinedTable(error)) throw new Overtaken(build);
  throw error;
};
