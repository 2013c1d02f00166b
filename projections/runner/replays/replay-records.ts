import { DomainError } from '../../../domains/shared/errors.js';
import { inTransaction, isUndefinedTable, reachingPostgres, type Postgres } from '../../../infra/postgres/postgres.js';
import { mostReplays, type Difference, type ReplayRequest } from '../../shared/replay.js';
import { Overtaken } from '../view-store.js';

/** What came of a replay. */
export type ReplayOutcome = Readonly<{
  rows: number;
  checksum: string;
  parkedKeys: number;
  difference: Difference | null;
}>;

/** A replay as it is written down. */
export type ReplayRecord = ReplayRequest &
  Readonly<{
    state: 'running' | 'done' | 'failed' | 'dropped';
    /** The last position that counts: `null` until it is found, -1 where nothing was stored by then. */
    position: bigint | null;
    /** How far it has come; -1 before its first event. */
    reached: bigint;
    outcome: ReplayOutcome | null;
  }>;

/** A replay that a process has to itself for a while, under an epoch that rises with every change of hands. */
export type HeldReplay = ReplayRecord & Readonly<{ epoch: bigint }>;

type Change = Partial<Pick<ReplayRecord, 'state' | 'position' | 'reached' | 'outcome'>>;

/**
 * The replays that were asked for, in PostgreSQL. Everything throws DomainError `service.unavailable` while that is away,
 * and `projection.not_ready` before the projections have run for the first time.
 */
export type ReplayRecords = Readonly<{
  /**
   * Writes a replay down, or leaves the one that has its id as it is. Gives what is kept.
   *
   * @throws DomainError `audit.too_many_replays`
   */
  add: (asked: ReplayRequest, position: bigint | null) => Promise<ReplayRecord>;
  /** Those that were not dropped, newest first. */
  all: () => Promise<readonly ReplayRecord[]>;
  /** Marks one as dropped: nobody goes on with it, and what is kept of it is for whoever takes it next to remove. */
  drop: (id: string) => Promise<void>;
  /** Takes one of these views of which something is to be done, and that nobody has; `null` where there is none. */
  take: (views: readonly string[]) => Promise<HeldReplay | null>;
  /** Keeps one for another while, and notes what has changed. @throws Overtaken where it was dropped, or is another's. */
  keep: (held: HeldReplay, change: Change) => Promise<void>;
  /** Lets others take it at once. */
  giveBack: (held: HeldReplay) => Promise<void>;
  /** Forgets one that was dropped. */
  forget: (held: HeldReplay) => Promise<void>;
}>;

/** Whoever is not heard of for so long is replaced. */
const expiry = `clock_timestamp() + interval '5 seconds'`;
const fields = 'id, view, at, state, position, reached, outcome';

export const createReplayRecords = (postgres: Postgres): ReplayRecords => ({
  add: (asked, position) =>
    reaching(() =>
      inTransaction(postgres, async (connection) => {
        await connection.query(`select pg_advisory_xact_lock(hashtext('projection_replays'))`);
        const { rows } = await connection.query<ReplayRecord>(
          `select ${fields} from projection_replays where state <> 'dropped' or id = $1`,
          [asked.id],
        );
        const kept = rows.find(({ id }) => id === asked.id);
        if (kept) return kept;
        if (rows.length >= mostReplays) throw tooMany();
        const added = await connection.query<ReplayRecord>(
          `insert into projection_replays (id, view, at, position) values ($1, $2, $3, $4) returning ${fields}`,
          [asked.id, asked.view, asked.at, position],
        );
        return added.rows[0] as ReplayRecord;
      }),
    ),
  all: () =>
    reaching(async () => {
      const { rows } = await postgres.query<ReplayRecord>(
        `select ${fields} from projection_replays where state <> 'dropped' order by asked desc, id`,
      );
      return rows;
    }),
  drop: (id) =>
    reaching(async () => {
      await postgres.query(`update projection_replays set state = 'dropped' where id = $1`, [id]);
    }),
  take: (views) =>
    reaching(async () => {
      const { rows } = await postgres.query<HeldReplay>({
        name: 'take-replay',
        text: `update projection_replays set expires = ${expiry},
                 epoch = greatest(epoch + 1, (extract(epoch from clock_timestamp()) * 1000)::bigint)
               where id = (
                 select id from projection_replays
                 where state in ('running', 'dropped') and expires < clock_timestamp() and view = any($1)
                 order by asked limit 1 for update skip locked)
               returning ${fields}, epoch`,
        values: [views],
      });
      return rows[0] ?? null;
    }),
  keep: ({ id, epoch }, { state, position, reached, outcome }) =>
    reaching(async () => {
      const { rowCount } = await postgres.query({
        name: 'keep-replay',
        text: `update projection_replays set expires = ${expiry}, state = coalesce($3, state),
                 position = coalesce($4, position), reached = coalesce($5, reached), outcome = coalesce($6, outcome)
               where id = $1 and epoch = $2 and state = 'running'`,
        values: [id, epoch, state, position, reached, outcome && JSON.stringify(outcome)],
      });
      if (rowCount !== 1) throw new Overtaken(`the replay ${id}`);
    }),
  giveBack: ({ id, epoch }) =>
    reaching(async () => {
      await postgres.query(`update projection_replays set expires = '-infinity' where id = $1 and epoch = $2`, [
        id,
        epoch,
      ]);
    }),
  forget: ({ id, epoch }) =>
    reaching(async () => {
      await postgres.query('delete from projection_replays where id = $1 and epoch = $2', [id, epoch]);
    }),
});

const reaching = async <Result>(work: () => Promise<Result>): Promise<Result> => {
  try {
    return await reachingPostgres(work);
  } catch (error) {
    if (!isUndefinedTable(error)) throw error;
    throw new DomainError('projection.not_ready', 'The views have not been built yet; start the projections');
  }
};

const tooMany = () =>
  new DomainError('audit.too_many_replays', `${mostReplays} replays are kept already: drop one, then ask again`);
