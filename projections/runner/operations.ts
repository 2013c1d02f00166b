import { DomainError, isDomainError, type ErrorCode } from '../../domains/shared/errors.js';
import type { EventStore } from '../../infra/event-store/event-store.js';
import { reachingPostgres, type Postgres } from '../../infra/postgres/postgres.js';
import type { Progress, ProjectionStatus } from '../shared/projection-status.js';
import type { Build, Control } from '../shared/view.js';
import { changedOnce, numbersOf } from './changed-once.js';
import { buildsOf, dropped, goneBetween, rebuilt, rollbackAsked, switchAsked } from './control.js';
import { dropBuilds } from './drop-builds.js';
import { createLeases } from './leases.js';
import { createStatuses, type SharedStatus } from './statuses.js';
import type { ViewBuilds } from './view-builds.js';
import type { BuildDefinition, ViewDefinition } from './view-definition.js';
import type { ParkedEvent, ParkedRequest } from '../shared/parked-event.js';

/** What people do with views, whichever process they reach. Every method throws DomainError `projection.not_found`. */
export type Operations = Readonly<{
  list: () => Promise<readonly ProjectionStatus[]>;
  /**
   * Begins to build a view anew, aside; once more, while that goes on, is a success. Here and in the next three `build`
   * is the number of the build that whoever asks means (`buildFor`): so asked, a repeat that comes late does nothing.
   */
  rebuild: (name: string, build?: number | null) => Promise<ProjectionStatus>;
  /** @throws DomainError `projection.not_ready` where no build is made, here and in the next two. */
  switch: (name: string, build?: number | null) => Promise<ProjectionStatus>;
  rollback: (name: string, build?: number | null) => Promise<ProjectionStatus>;
  /** Drops the build that is made aside, or else the one that served before. */
  drop: (name: string, build?: number | null) => Promise<ProjectionStatus>;
  /** The parked events of a key, or of all, in their order. */
  parked: (name: string, key?: string) => Promise<readonly ParkedEvent[]>;
  /**
   * Has the parked events of a key applied again, or forgotten. `first` is the position of the first of them, as whoever
   * asks has seen it: where that one is parked no more, it was done already, and what was parked since stays as it is.
   *
   * @throws DomainError `projection.nothing_parked`
   */
  request: (name: string, key: string, request: ParkedRequest, first?: bigint | null) => Promise<void>;
}>;

export type OperationsParts = Readonly<{
  builds: ViewBuilds;
  postgres: Postgres;
  eventStore: Pick<EventStore, 'head' | 'firstNewer'>;
}>;

export const createOperations = ({ builds, postgres, eventStore }: OperationsParts): Operations => {
  const leases = createLeases(postgres);
  const statuses = createStatuses(postgres);

  const find = (name: string): ViewDefinition => {
    const definition = builds.definitions.find(({ view }) => view.name === name);
    if (definition) return definition;
    const known = builds.definitions.map(({ view }) => view.name).join(', ');
    throw new DomainError('projection.not_found', `There is no view ${name}; there are ${known}`);
  };

  const controlOf = async (definition: ViewDefinition): Promise<Control> => {
    const control = (await orNone(() => builds.controlsOf(definition).all())).get(definition.view.name);
    if (!control)
      throw new DomainError('projection.not_ready', 'The view has not been built yet; start the projections');
    return control;
  };

  const liveOf = async (definition: ViewDefinition): Promise<BuildDefinition> =>
    builds.anyBuildOf(definition, (await controlOf(definition)).live);

  const isParked = async (definition: ViewDefinition, key: string, at: bigint): Promise<boolean> =>
    (await (await liveOf(definition)).store.parkedOf(key)).some(({ position }) => position === at);

  const change = async (
    name: string,
    once: Parameters<typeof changedOnce>[1],
    transition: (control: Control) => Control,
  ): Promise<ProjectionStatus> => {
    const definition = find(name);
    await controlOf(definition);
    const { before, after } = await builds
      .controlsOf(definition)
      .change(name, (control) => changedOnce(control as Control, once, transition));
    await dropBuilds({ builds, leases }, definition, goneBetween(before, after));
    return describe(definition, await allStatuses());
  };

  const allStatuses = () => orNone(() => reachingPostgres(() => statuses.all())).catch(noneWhereAway);

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
    const control = await controlOf(definition);
    const { name, store } = definition.view;
    const live = builds.anyBuildOf(definition, control.live);
    const status = all.get(live.build) ?? (await standing(live));
    const parked = await live.store.parkedOf();
    const { aside } = control;
    const heardOfAside = aside && (all.get(builds.anyBuildOf(definition, aside).build) ?? unheard);
    const progress = aside && heardOfAside && progressOf(aside, heardOfAside, await headIfKnown());
    return {
      name,
      store,
      version: control.live.version,
      state: stateOf(status, progress !== null),
      position: status.position,
      lagEvents: status.lagEvents,
      lagSeconds: status.lagSeconds,
      rate: status.rate,
      parkedKeys: new Set(parked.map(({ key }) => key)).size,
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

  const now = () => new Date().toISOString();
  return {
    list: async () => {
      const known = await allStatuses();
      return Promise.all(builds.definitions.map((definition) => describeIfKnown(definition, known)));
    },
    rebuild: (name, build) =>
      change(name, { change: 'rebuild', build }, (control) => rebuilt(control, find(name).view.version, now())),
    switch: (name, build) => change(name, { change: 'switch', build }, switchAsked),
    rollback: async (name, build) => {
      const definition = find(name);
      const { previous } = await controlOf(definition);
      if (previous && !builds.buildOf(definition, previous)) throw forOtherCode(previous);
      return change(name, { change: 'rollback', build }, (control) => rollbackAsked(control, now()));
    },
    drop: (name, build) => change(name, { change: 'drop', build }, dropped),
    parked: async (name, key) => (await liveOf(find(name))).store.parkedOf(key),
    request: async (name, key, request, first) => {
      const definition = find(name);
      if (typeof first === 'bigint' && !(await isParked(definition, key, first))) return;
      let found = 0;
      for (const build of buildsOf(await controlOf(definition)))
        found += await builds.anyBuildOf(definition, build).store.request(key, request);
      if (found === 0) throw new DomainError('projection.nothing_parked', `No event of ${key} is parked in ${name}`);
    },
  };
};

type AllStatuses = Awaited<ReturnType<ReturnType<typeof createStatuses>['all']>>;

const forOtherCode = ({ version }: Build) =>
  new DomainError('projection.not_ready', `Version ${version} is kept only by code that knows it: run that code first`);

const unheard: SharedStatus = { state: 'stopped', partitions: 0, position: null, lagEvents: 0, lagSeconds: 0, rate: 0 };

/** The tables that all views share are made by the first process that keeps views. */
const orNone = async <Value>(look: () => Promise<ReadonlyMap<string, Value>>): Promise<ReadonlyMap<string, Value>> => {
  try {
    return await look();
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === undefinedTable)) throw error;
    return new Map();
  }
};

/** How processes get on is told in PostgreSQL only. */
const noneWhereAway = (error: unknown): AllStatuses => {
  if (!isDomainError(error) || error.code !== 'service.unavailable') throw error;
  return new Map();
};

/** PostgreSQL, appendix A. */
const undefinedTable = '42P01';

/** Its store is away, or it has not been built yet. */
const isUnknown: readonly ErrorCode[] = ['service.unavailable', 'projection.not_ready'];

/** What was heard of it lately still tells how late it is. */
const unknown = ({ view: { name, store, version } }: ViewDefinition, all: AllStatuses): ProjectionStatus => {
  const [, heard = unheard] = [...all].find(([build]) => build.startsWith(`view_${name}_v`)) ?? [];
  const { position, lagEvents, lagSeconds, rate } = heard;
  const figures = { position, lagEvents, lagSeconds, rate, parkedKeys: 0 };
  return { name, store, version, state: 'stopped', ...figures, canRollBack: false, builds: null };
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
