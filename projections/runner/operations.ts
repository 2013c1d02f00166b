import { DomainError } from '../../domains/shared/errors.js';
import type { EventStore } from '../../infra/event-store/event-store.js';
import type { Postgres } from '../../infra/postgres/postgres.js';
import type { ParkedEvent, ParkedRequest } from '../shared/parked-event.js';
import type { ProjectionStatus } from '../shared/projection-status.js';
import type { Build, Control } from '../shared/view.js';
import { changedMeanwhile, changedOnce } from './changed-once.js';
import { buildsOf, dropped, rebuilt, rollbackAsked, switchAsked } from './control.js';
import { createDescriptions } from './descriptions.js';
import { dropUnnamedBuilds } from './drop-builds.js';
import { existingControl } from './existing-control.js';
import { createLeases } from './leases.js';
import { createStatuses } from './statuses.js';
import { createReplayRecords } from './replays/replay-records.js';
import { createReplays, type Replays } from './replays/replays.js';
import { definitionNamed, type ViewBuilds } from './view-builds.js';
import type { ViewDefinition } from './view-definition.js';
import { Overtaken, type ParkedSelection, type ViewStore } from './view-store.js';

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
  /** Some of the parked events, in their order. */
  parked: (name: string, which: ParkedSelection) => Promise<readonly ParkedEvent[]>;
  /**
   * Has the parked events of a key applied again, or forgotten. `first` is the position of the first of them, as whoever
   * asks has seen it: where that one is parked no more, it was done already, and what was parked since stays as it is.
   *
   * @throws DomainError `projection.nothing_parked`
   */
  request: (name: string, key: string, request: ParkedRequest, first?: bigint | null) => Promise<void>;
  replays: Replays;
}>;

export type OperationsParts = Readonly<{
  builds: ViewBuilds;
  postgres: Postgres;
  eventStore: Pick<EventStore, 'head' | 'firstNewer'>;
}>;

export const createOperations = ({ builds, postgres, eventStore }: OperationsParts): Operations => {
  const leases = createLeases(postgres);
  const descriptions = createDescriptions({ builds, statuses: createStatuses(postgres), eventStore });

  const find = (name: string): ViewDefinition => definitionNamed(builds, name);

  const liveOf = async (definition: ViewDefinition): Promise<ViewStore> => {
    const { live } = await existingControl(builds, definition);
    return builds.anyBuildOf(definition, live).store;
  };

  const isParked = async (definition: ViewDefinition, key: string, at: bigint): Promise<boolean> => {
    const [first] = await (await liveOf(definition)).parkedOf({ key, after: at - 1n, limit: 1 });
    return first?.position === at;
  };

  const change = async (
    name: string,
    once: Parameters<typeof changedOnce>[1],
    transition: (control: Control) => Control,
  ): Promise<ProjectionStatus> => {
    const definition = find(name);
    await existingControl(builds, definition);
    try {
      await builds.controlsOf(definition).change(name, (control) => changedOnce(control as Control, once, transition));
    } catch (error) {
      throw error instanceof Overtaken ? changedMeanwhile() : error;
    }
    // It is changed. What cannot be removed now is by whoever keeps the views, who also tells what is in the way.
    await dropUnnamedBuilds({ builds, leases }, definition).catch(() => undefined);
    return descriptions.one(definition);
  };

  const now = () => new Date().toISOString();
  return {
    list: descriptions.all,
    rebuild: (name, build) =>
      change(name, { change: 'rebuild', build }, (control) => rebuilt(control, find(name).view.version, now())),
    switch: (name, build) => change(name, { change: 'switch', build }, switchAsked),
    rollback: async (name, build) => {
      const definition = find(name);
      const { previous } = await existingControl(builds, definition);
      if (previous && !builds.buildOf(definition, previous)) throw forOtherCode(previous);
      return change(name, { change: 'rollback', build }, (control) => rollbackAsked(control, now()));
    },
    drop: (name, build) => change(name, { change: 'drop', build }, dropped),
    parked: async (name, which) => (await liveOf(find(name))).parkedOf(which),
    request: async (name, key, request, first) => {
      const definition = find(name);
      if (typeof first === 'bigint' && !(await isParked(definition, key, first))) return;
      let found = 0;
      for (const build of buildsOf(await existingControl(builds, definition)))
        found += await builds.anyBuildOf(definition, build).store.request(key, request);
      if (found === 0) throw new DomainError('projection.nothing_parked', `No event of ${key} is parked in ${name}`);
    },
    replays: createReplays({ builds, records: createReplayRecords(postgres), eventStore }),
  };
};

const forOtherCode = ({ version }: Build) =>
  new DomainError('projection.not_ready', `Version ${version} is kept only by code that knows it: run that code first`);
