import { everyAggregate } from '../../domains/contexts.js';
import { migrateViews } from '../runner/migrations.js';
import { createOperationsBus } from '../runner/operations-bus.js';
import { createOperations } from '../runner/operations.js';
import { createProjectionQueries, type ProjectionQueries, type Replay } from '../runner/queries.js';
import { readEvents } from '../runner/read-events.js';
import type { ProjectionsSettings, RunningProjections } from '../runner/runner.js';
import { rowsOf } from '../runner/testing/kinds.js';
import { asTheyAre, runViews } from '../runner/testing/run-views.js';
import { until } from '../runner/testing/until.js';
import { createViewBuilds } from '../runner/view-builds.js';
import type { ViewDefinition } from '../runner/view-definition.js';
import { startReadSide } from '../shared/testing/read-side.js';
import { nameOf } from '../shared/view.js';
import { views } from '../views.js';

/** Tests only: the engines of the read side, processes that keep views, and the operations on replays. */
export const startReplayDesk = async () => {
  const side = await startReadSide();
  await migrateViews(side.postgres);
  let running: RunningProjections[] = [];
  const run = (definitions: readonly ViewDefinition[], settings: Partial<ProjectionsSettings> = {}) => {
    const read = definitions === views ? readEvents(everyAggregate) : asTheyAre;
    const one = runViews(side, definitions, { read, ...settings });
    running.push(one);
    return one;
  };
  const busOf = (definitions: readonly ViewDefinition[]) => {
    const { postgres, eventStore } = side;
    const builds = createViewBuilds(definitions, side);
    return createOperationsBus(createOperations({ builds, postgres, eventStore }));
  };
  return {
    ...{ side, run, busOf },
    stopAll: async () => {
      await Promise.all(running.map((one) => one.stop()));
      running = [];
    },
    /** Keeps the views, from a moment on at which they have applied everything. */
    bringUpToDate: async () => {
      const one = run(views);
      for (const { view } of views) await until(() => one.isLive(view.name), Boolean);
    },
    queriesOf: (definitions: readonly ViewDefinition[]) => createProjectionQueries(busOf(definitions)),
    rowsOfLive: (definition: ViewDefinition) => rowsOf(side, kindOf(definition), liveBuild(definition)),
    head: async () => String((await side.eventStore.head())?.commit),
  };
};

/** Tests only: what `startReplayDesk` gives. */
export type ReplayDesk = Awaited<ReturnType<typeof startReplayDesk>>;

/** Tests only: the replay once it runs no longer. */
export const doneOf = (queries: Pick<ProjectionQueries, 'replayOf'>, { id }: Pick<Replay, 'id'>) =>
  until(
    () => queries.replayOf(id),
    ({ state }) => state !== 'running',
  );

export const kindOf = ({ view }: ViewDefinition) => view.store;
export const liveBuild = ({ view }: ViewDefinition) => nameOf(view, { version: view.version, number: 1 });
