import { randomUUID } from 'node:crypto';
import type { ServiceBus } from '../../infra/service-bus/service-bus.js';
import { decodeCursor, invalidCursor, pageOf } from '../shared/cursor.js';
import { buildFor, type BuildChange, type ParkedStatus, type ProjectionStatus } from '../shared/projection-status.js';
import type { Page, PageRequest } from '../shared/queries.js';
import type { Replay, ReplayedRow } from '../shared/replay.js';

export type { BuildChange, ParkedStatus, ProjectionStatus } from '../shared/projection-status.js';
export { mostReplays, replayPoint, type Replay, type ReplayedRow } from '../shared/replay.js';

/**
 * The views as whoever runs the platform sees and changes them. Everything throws DomainError `service.unavailable` or
 * `service.timeout` where nobody answers, and what takes the name of a view `projection.not_found`.
 */
export type ProjectionQueries = Readonly<{
  list: () => Promise<readonly ProjectionStatus[]>;
  /** Changes which builds there are. Gives the view as it is then. @throws DomainError `projection.not_ready` */
  change: (name: string, change: BuildChange) => Promise<ProjectionStatus>;
  /** The parked events of a view. @throws DomainError `request.invalid_cursor` */
  parked: (name: string, page: PageRequest) => Promise<Page<ParkedStatus>>;
  /** Has the parked events of a key applied again, or forgotten. @throws DomainError `projection.nothing_parked` */
  request: (name: string, key: string, request: 'retry' | 'discard') => Promise<void>;
  /**
   * Has a view built aside as it was at a position or an ISO 8601 instant.
   *
   * @throws DomainError `audit.too_many_replays`, and, as the next four, `projection.not_ready` where no view was ever built
   */
  replay: (view: string, at: string) => Promise<Replay>;
  /** Newest first. */
  replays: () => Promise<readonly Replay[]>;
  /** @throws DomainError `audit.no_replay`, here and in the next two. */
  replayOf: (id: string) => Promise<Replay>;
  /** By key. @throws DomainError `audit.replay_running`, `request.invalid_cursor` */
  replayRows: (id: string, page: PageRequest) => Promise<Page<ReplayedRow>>;
  /** Stops it where it runs. */
  dropReplay: (id: string) => Promise<void>;
}>;

/** Asks over `bus`, which may ask more than once: what is meant is looked up first, and named. */
export const createProjectionQueries = (bus: Pick<ServiceBus, 'ask'>): ProjectionQueries => {
  const ask = (operation: string, data: object = {}) => bus.ask('projections', operation, data);
  const list = async () => (await ask('list')) as readonly ProjectionStatus[];
  const parkedOf = async (name: string, which: Readonly<{ key?: string; after?: string; limit: number }>) =>
    (await ask('parked', { name, ...which })) as readonly ParkedStatus[];

  const replayOf = async (id: string) => (await ask('replayOf', { id })) as Replay;

  return {
    list,
    change: async (name, change) => {
      const seen = (await list()).find((each) => each.name === name);
      const build = seen?.builds ? buildFor(change, seen.builds) : null;
      return (await ask(change, { name, build })) as ProjectionStatus;
    },
    parked: async (name, page) => {
      const after = page.cursor === undefined ? {} : { after: positionIn(page.cursor) };
      const found = await parkedOf(name, { ...after, limit: page.limit + 1 });
      return pageOf(found, page, ({ position }) => [position]);
    },
    request: async (name, key, request) => {
      const [first] = await parkedOf(name, { key, limit: 1 });
      await ask(request, { name, key, first: first?.position ?? null });
    },
    replay: async (view, at) => (await ask('replay', { id: randomUUID(), view, at })) as Replay,
    replays: async () => (await ask('replays')) as readonly Replay[],
    replayOf,
    replayRows: async (id, page) => {
      const after = page.cursor === undefined ? {} : { after: decodeCursor(page.cursor, ['string'])[0] };
      const found = (await ask('replayRows', { id, ...after, limit: page.limit + 1 })) as readonly ReplayedRow[];
      return pageOf(found, page, ({ key }) => [key]);
    },
    dropReplay: async (id) => {
      await replayOf(id);
      await ask('dropReplay', { id });
    },
  };
};

const positionIn = (cursor: string): string => {
  const [position] = decodeCursor(cursor, ['string']);
  if (!/^\d{1,19}$/.test(position)) throw invalidCursor();
  return position;
};
