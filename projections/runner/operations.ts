import { DomainError } from '../../domains/shared/errors.js';
import type { Postgres } from '../../infra/postgres/postgres.js';
import type { BuildAside, Comparison, Control } from '../shared/view.js';
import { buildsOf, dropped, goneBetween, rebuilt, rollbackAsked, switchAsked } from './control.js';
import { dropBuilds } from './drop-builds.js';
import { createLeases } from './leases.js';
import { createStatuses, type SharedStatus } from './statuses.js';
import type { ViewBuilds } from './view-builds.js';
import type { BuildDefinition, ViewDefinition } from './view-definition.js';
import type { ParkedEvent, ParkedRequest } from './view-store.js';

/** How far a build that does not serve has come. */
export type Progress = Readonly<{
  version: number;
  position: string | null;
  /** Of the log, from 0 to 1; an estimate, since positions of a store need not count events. */
  fraction: number;
  secondsLeft: number | null;
  rate: number;
  /** Whether it has caught up: it can serve. */
  isReady: boolean;
  /** Whether it serves as soon as it has caught up. */
  switches: boolean;
  comparison: Comparison | null;
}>;

/** A view as the people who run it see it. */
export type ProjectionStatus = Readonly<{
  name: string;
  store: 'postgres' | 'mongodb';
  version: number;
  state: 'live' | 'catching_up' | 'rebuilding' | 'stopped';
  position: string | null;
  lagEvents: number;
  lagSeconds: number;
  /** Events applied per second, of late. */
  rate: number;
  parkedKeys: number;
  /** Whether there is a build that served before, for a rollback. */
  canRollBack: boolean;
  progress?: Progress;
}>;

/** What people do with views, whichever process they reach. Every method throws DomainError `projection.not_found`. */
export type Operations = Readonly<{
  list: () => Promise<readonly ProjectionStatus[]>;
  /** Begins to build a view anew, aside; once more, while that goes on, is a success. */
  rebuild: (name: string) => Promise<ProjectionStatus>;
  /** @throws DomainError `projection.not_ready` where no build is made, here and in the next two. */
  switch: (name: string) => Promise<ProjectionStatus>;
  rollback: (name: string) => Promise<ProjectionStatus>;
  /** Drops the build that is made aside, or else the one that served before. */
  drop: (name: string) => Promise<ProjectionStatus>;
  parked: (name: string) => Promise<readonly ParkedEvent[]>;
  /** Has the parked events of a key applied again, or forgotten. @throws DomainError `projection.nothing_parked` */
  request: (name: string, key: string, request: ParkedRequest) => Promise<void>;
}>;

export type OperationsParts = Readonly<{
  builds: ViewBuilds;
  postgres: Postgres;
  /** The position of the last event of the store. */
  head: () => Promise<bigint | null>;
}>;

export const createOperations = ({ builds, postgres, head }: OperationsParts): Operations => {
  const leases = createLeases(postgres);
  const statuses = createStatuses(postgres);

  const find = (name: string): ViewDefinition => {
    const definition = builds.definitions.find(({ view }) => view.name === name);
    if (definition) return definition;
    const known = builds.definitions.map(({ view }) => view.name).join(', ');
    throw new DomainError('projection.not_found', `There is no view ${name}; there are ${known}`);
  };

  const controlOf = async (definition: ViewDefinition): Promise<Control> => {
    const control = (await builds.controlsOf(definition).all()).get(definition.view.name);
    if (!control)
      throw new DomainError('projection.not_ready', 'The view has not been built yet; start the projections');
    return control;
  };

  const liveOf = async (definition: ViewDefinition): Promise<BuildDefinition> =>
    builds.anyBuildOf(definition, (await controlOf(definition)).live);

  const change = async (name: string, transition: (control: Control) => Control): Promise<ProjectionStatus> => {
    const definition = find(name);
    await controlOf(definition);
    const { before, after } = await builds
      .controlsOf(definition)
      .change(name, (control) => transition(control as Control));
    await dropBuilds({ builds, leases }, definition, goneBetween(before, after));
    return describe(definition);
  };

  const describe = async (definition: ViewDefinition): Promise<ProjectionStatus> => {
    const [control, all] = [await controlOf(definition), await statuses.all()];
    const { name, store } = definition.view;
    const live = builds.anyBuildOf(definition, control.live);
    const status = all.get(live.build) ?? unheard;
    const parked = await live.store.parkedOf();
    const progress = control.aside && (await progressOf(definition, control.aside, all));
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
    };
  };

  const progressOf = async (
    definition: ViewDefinition,
    aside: BuildAside,
    all: ReadonlyMap<string, SharedStatus>,
  ): Promise<Progress> => {
    const status = all.get(builds.anyBuildOf(definition, aside).build) ?? unheard;
    const isReady = status.state === 'live';
    const whole = Number((await head()) ?? 0n) || 1;
    return {
      version: aside.version,
      position: status.position,
      fraction: isReady ? 1 : Math.min(1, Number(status.position ?? 0) / whole),
      secondsLeft: isReady ? 0 : status.rate > 0 ? Math.ceil(status.lagEvents / status.rate) : null,
      rate: status.rate,
      isReady,
      switches: aside.switches,
      comparison: aside.comparison,
    };
  };

  const now = () => new Date().toISOString();
  return {
    list: async () => {
      const all: ProjectionStatus[] = [];
      for (const definition of builds.definitions) all.push(await describe(definition));
      return all;
    },
    rebuild: (name) => change(name, (control) => rebuilt(control, find(name).view.version, now())),
    switch: (name) => change(name, switchAsked),
    rollback: (name) => change(name, (control) => rollbackAsked(control, now())),
    drop: (name) => change(name, dropped),
    parked: async (name) => (await liveOf(find(name))).store.parkedOf(),
    request: async (name, key, request) => {
      const definition = find(name);
      let found = 0;
      for (const build of buildsOf(await controlOf(definition)))
        found += await builds.anyBuildOf(definition, build).store.request(key, request);
      if (found === 0) throw new DomainError('projection.nothing_parked', `No event of ${key} is parked in ${name}`);
    },
  };
};

const unheard: SharedStatus = { state: 'stopped', partitions: 0, position: null, lagEvents: 0, lagSeconds: 0, rate: 0 };

const stateOf = ({ state }: SharedStatus, isRebuilding: boolean): ProjectionStatus['state'] => {
  if (state === 'stopped' || state === 'waiting') return 'stopped';
  return isRebuilding ? 'rebuilding' : state;
};
