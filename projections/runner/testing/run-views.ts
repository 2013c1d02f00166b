import { randomUUID } from 'node:crypto';
import type { AnyAggregate } from '../../../domains/shared/service.js';
import type { PersonalKeys } from '../../../infra/security/personal-keys.js';
import { silent, type ReadSide } from '../../shared/testing/read-side.js';
import type { Read } from '../keyed.js';
import { readEvents } from '../read-events.js';
import { runProjections, type ProjectionsSettings, type RunningProjections } from '../runner.js';
import { createViewBuilds } from '../view-builds.js';
import type { ViewDefinition } from '../view-definition.js';

/** Tests only. Nobody's key is known. */
export const noKeys: Pick<PersonalKeys, 'find'> = { find: () => Promise.resolve(null) };

/** Tests only. Events as they were stored. */
export const asTheyAre: ProjectionsSettings['read'] = (batch) =>
  Promise.resolve(batch.map((stored): Read => ({ stored, event: stored })));

/** Tests only. Events as this code's contexts read them; what is sealed of them is lost. */
export const asContextsRead = (aggregates: readonly AnyAggregate[]) => readEvents(aggregates, noKeys);

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
