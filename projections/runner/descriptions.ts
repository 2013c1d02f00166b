import { isDomainError, type ErrorCode } from '../../domains/shared/errors.js';
import type { EventStore } from '../../infra/event-store/event-store.js';
import { reachingPostgres } from '../../infra/postgres/postgres.js';
import type { Progress, ProjectionStatus } from '../shared/projection-status.js';
import type { Control } from '../shared/view.js';
import { numbersOf } from './changed-once.js';
import { existingControl, noneIfUnmade } from './existing-control.js';
import type { SharedStatus, Statuses } from './statuses.js';
import type { ViewBuilds } from './view-builds.js';
import type { BuildDefinition, ViewDefinition } from './view-definition.js';

/** How views are, from their controls, their checkpoints and what the processes say that keep them. */
export type Descriptions = Readonly<{
  /** @throws DomainError `projection.not_ready` where it was never built, `service.unavailable` */
  one: (definition: ViewDefinition) => Promise<ProjectionStatus>;
  /** Of a view whose store is away, and of one that was never built, what can be told. */
  all: () => Promise<readonly ProjectionStatus[]>;
}>;

export type DescriptionsParts = Readonly<{
  builds: ViewBuilds;
  statuses: Pick<Statuses, 'all'>;
  eventStore: Pick<EventStore, 'head' | 'firstNewer'>;
}>;

export const createDescriptions = ({ builds, statuses, eventStore }: DescriptionsParts): Descriptions => {
  const allStatuses = () => noneIfUnmade(() => reachingPostgres(() => statuses.all())).catch(noneWhereAway);

  /** Whichever store is away, whoever looks after the others must see them. */
  const describeIfKnown = async (definition: ViewDefinition, all: AllStatuses): Promise<ProjectionStatus> => {
    try {
      return await describe(definition, all);
    } catch (error) {
      if (!isDomainError(error) || !isUnknown.includes(error.code)) throw error;
      return unknown(definition, all);
    }
  };

  const describe = async (definition: ViewDefinition, all: AllStatuses): Promise<ProjectionStatus> => {
    const control = await existingControl(builds, definition);
    const { name, store, categories } = definition.view;
    const live = builds.anyBuildOf(definition, control.live);
    const status = all.get(live.build) ?? (await standing(live));
    const { aside } = control;
    const heardOfAside = aside && (all.get(builds.anyBuildOf(definition, aside).build) ?? unheard);
    const progress = aside && heardOfAside && progressOf(aside, heardOfAside, await headIfKnown());
    return {
      name,
      store,
      categories,
      version: control.live.version,
      state: stateOf(status, progress !== null),
      position: status.position,
      lagEvents: status.lagEvents,
      lagSeconds: status.lagSeconds,
      rate: status.rate,
      parkedKeys: await live.store.countParkedKeys(),
      canRollBack: control.previous !== null,
      ...(progress ? { progress } : {}),
      builds: numbersOf(control),
    };
  };

  /** Without the event store all but one figure can be told. */
  const headIfKnown = () =>
    eventStore.head().then(
      (position) => position?.commit ?? null,
      () => null,
    );

  /** A build that nobody keeps: as far as its checkpoints tell, and as late as the first event that it lacks is old. */
  const standing = async ({ view, store }: BuildDefinition): Promise<SharedStatus> => {
    const watermark = await store.watermark();
    const after = watermark === null ? null : { commit: watermark, prepare: watermark };
    const next = await eventStore.firstNewer(view.categories, after).catch(() => null);
    const position = watermark?.toString() ?? null;
    if (!next) return { ...unheard, position };
    const lagEvents = Math.max(1, Number(((await headIfKnown()) ?? 0n) - (watermark ?? 0n)));
    return { ...unheard, position, lagEvents, lagSeconds: Math.max(0, (Date.now() - next.created.getTime()) / 1_000) };
  };

  return {
    one: async (definition) => describe(definition, await allStatuses()),
    all: async () => {
      const known = await allStatuses();
      return Promise.all(builds.definitions.map((definition) => describeIfKnown(definition, known)));
    },
  };
};

type AllStatuses = Awaited<ReturnType<Statuses['all']>>;

/** How processes get on is told in PostgreSQL only. */
const noneWhereAway = (error: unknown): AllStatuses => {
  if (!isDomainError(error) || error.code !== 'service.unavailable') throw error;
  return new Map();
};

/** Its store is away, or it has not been built yet. */
const isUnknown: readonly ErrorCode[] = ['service.unavailable', 'projection.not_ready'];

const unheard: SharedStatus = { state: 'stopped', partitions: 0, position: null, lagEvents: 0, lagSeconds: 0, rate: 0 };

/** What was heard of it lately still tells how late it is. */
const unknown = (
  { view: { name, store, categories, version } }: ViewDefinition,
  all: AllStatuses,
): ProjectionStatus => {
  const [, heard = unheard] = [...all].find(([build]) => build.startsWith(`view_${name}_v`)) ?? [];
  const { position, lagEvents, lagSeconds, rate } = heard;
  const figures = { position, lagEvents, lagSeconds, rate, parkedKeys: 0 };
  return { name, store, categories, version, state: 'stopped', ...figures, canRollBack: false, builds: null };
};

const stateOf = ({ state }: SharedStatus, isRebuilding: boolean): ProjectionStatus['state'] => {
  if (state === 'stopped' || state === 'waiting') return 'stopped';
  return isRebuilding ? 'rebuilding' : state;
};

const progressOf = (
  { version, switches, comparison }: NonNullable<Control['aside']>,
  { state, position, lagEvents, rate }: SharedStatus,
  head: bigint | null,
): Progress => {
  const isReady = state === 'live';
  return {
    version,
    position,
    fraction: isReady ? 1 : head === null ? null : Math.min(1, Number(position ?? 0) / Math.max(1, Number(head))),
    secondsLeft: isReady ? 0 : rate > 0 ? Math.ceil(lagEvents / rate) : null,
    rate,
    isReady,
    switches,
    comparison,
  };
};
