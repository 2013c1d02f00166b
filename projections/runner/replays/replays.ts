import { DomainError } from '../../../domains/shared/errors.js';
import type { EventStore } from '../../../infra/event-store/event-store.js';
import { isInstant, type Replay, type ReplayedRow, type ReplayRequest } from '../../shared/replay.js';
import { definitionNamed, type ViewBuilds } from '../view-builds.js';
import { Overtaken } from '../view-store.js';
import { replayName, shownReplay } from './described.js';
import type { ReplayRecord, ReplayRecords } from './replay-records.js';

/**
 * What auditors do with replays, whichever process they reach. Each may come more than once. Everything throws DomainError
 * `service.unavailable`, and `projection.not_ready` where the projections have never run.
 */
export type Replays = Readonly<{
  /**
   * Has a view built aside as it was at a position, or at the end of the log where that is beyond it, or at an instant.
   *
   * @throws DomainError `projection.not_found`, `audit.too_many_replays`
   */
  begin: (asked: ReplayRequest) => Promise<Replay>;
  /** Newest first. */
  all: () => Promise<readonly Replay[]>;
  /** @throws DomainError `audit.no_replay` */
  one: (id: string) => Promise<Replay>;
  /** At most `limit` rows, by key: those after one, or the first. @throws DomainError `audit.no_replay`, `audit.replay_running` */
  rows: (id: string, which: Readonly<{ after: string | null; limit: number }>) => Promise<readonly ReplayedRow[]>;
  /** Stops it where it runs; what is kept of it is removed soon. Where there is none, nothing happens. */
  drop: (id: string) => Promise<void>;
}>;

export type ReplaysParts = Readonly<{
  builds: ViewBuilds;
  records: ReplayRecords;
  eventStore: Pick<EventStore, 'head'>;
}>;

export const createReplays = ({ builds, records, eventStore }: ReplaysParts): Replays => {
  const find = async (id: string): Promise<ReplayRecord> => {
    const found = (await records.all()).find((each) => each.id === id);
    if (!found) throw new DomainError('audit.no_replay', `There is no replay ${id}: it may have been dropped`);
    return found;
  };

  /** Whoever runs it finds out which position an instant is: that may take a while. */
  const positionOf = async (at: string): Promise<bigint | null> => {
    if (isInstant(at)) return null;
    const end = (await eventStore.head())?.commit ?? -1n;
    return BigInt(at) < end ? BigInt(at) : end;
  };

  return {
    begin: async (asked) => {
      definitionNamed(builds, asked.view);
      return shownReplay(await records.add(asked, await positionOf(asked.at)));
    },
    all: async () => (await records.all()).map(shownReplay),
    one: async (id) => shownReplay(await find(id)),
    rows: async (id, { after, limit }) => {
      const { view, state } = await find(id);
      if (state === 'running') throw new DomainError('audit.replay_running', 'Its rows can be read once it is done');
      if (state === 'failed')
        throw new DomainError('audit.no_replay', 'The replay failed and has no rows: begin another');
      const store = builds.storeNamed(definitionNamed(builds, view), replayName(id));
      const rows = await store.rowsAfter(after, limit).catch(refuseDropped);
      return rows.map((row) => ({ ...row, position: String(row.position) }));
    },
    drop: records.drop,
  };
};

const refuseDropped = (error: unknown): never => {
  if (!(error instanceof Overtaken)) throw error;
  throw new DomainError('audit.no_replay', 'The replay was dropped meanwhile');
};
