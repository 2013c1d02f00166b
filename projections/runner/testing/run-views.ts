import { randomUUID } from 'node:crypto';
import { silent, type ReadSide } from '../../shared/testing/read-side.js';
import type { Read } from '../keyed.js';
import { runProjections, type ProjectionsSettings, type RunningProjections } from '../runner.js';
import { createViewBuilds } from '../view-builds.js';
import type { ViewDefinition } from '../view-definition.js';

/** Tests only. Events as they were stored. */
export const asTheyAre: ProjectionsSettings['read'] = (batch) =>
  batch.map((stored): Read => ({ stored, event: stored }));

/** Tests only. A process of its own that keeps views, looking often. */
export const runViews = (
  { eventStore, postgres, mongo }: Pick<ReadSide, 'eventStore' | 'postgres' | 'mongo'>,
  definitions: readonly ViewDefinition[],
  settings: Partial<ProjectionsSettings> = {},
): RunningProjections =>
  runProjections({
    builds: createViewBuilds(definitions, { postgres, mongo }),
    postgres,
    eventStore,
    log: silent,
    read: asTheyAre,
    instance: randomUUID(),
    retryMs: { first: 10, longest: 200 },
    lookEveryMs: 50,
    ...settings,
  });
