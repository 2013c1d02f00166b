import { randomUUID } from 'node:crypto';
import type { EventStore } from '../../infra/event-store/event-store.js';
import type { Log } from '../../infra/logging/log.js';
import type { Control } from '../shared/view.js';
import type { RunnerParts } from './running-build.js';
import type { Leases } from './leases.js';
import type { Statuses } from './statuses.js';
import { isToCompare } from './control.js';
import { compareBuilds, switchBuilds } from './switchover.js';
import type { ViewBuilds } from './view-builds.js';
import type { ViewDefinition } from './view-definition.js';
import { Overtaken } from './view-store.js';
import { dropUnnamedBuilds } from './drop-builds.js';

export type SettlingParts = Pick<RunnerParts, 'read'> &
  Readonly<{
    builds: ViewBuilds;
    eventStore: Pick<EventStore, 'readNewer'>;
    leases: Leases;
    statuses: Statuses;
    instance: string;
    log: Log;
    signal: AbortSignal;
  }>;

/**
 * Once the build aside has caught up: compares it with the one that serves, where both are of one version, and lets it
 * serve where that is wanted. Only the keeper of its first partition is to do it. Gives whether leases changed hands.
 */
export const settleAside = async (
  parts: SettlingParts,
  definition: ViewDefinition,
  control: Control,
): Promise<boolean> => {
  const { builds, statuses, log, leases } = parts;
  const { aside } = control;
  const asideBuild = aside && builds.buildOf(definition, aside);
  if (!aside || !asideBuild) return false;
  const needsComparison = isToCompare(control);
  if (!needsComparison && !aside.switches) return false;
  if ((await statuses.all()).get(asideBuild.build)?.state !== 'live') return false;

  const { name } = definition.view;
  const controls = builds.controlsOf(definition);
  const known = builds.buildOf(definition, control.live);
  const live = known ?? builds.anyBuildOf(definition, control.live);
  const both = { live, aside: asideBuild, isLiveKnown: known !== null };
  const switching = { ...parts, controls, holder: `${parts.instance}/${randomUUID()}` };
  try {
    if (needsComparison) {
      const { isEqual } = await compareBuilds(switching, both);
      log.info({ view: name, build: asideBuild.build, isEqual }, 'the build aside has caught up and was compared');
    }
    if (!aside.switches) return true;
    await switchBuilds(switching, both);
    log.info({ view: name, build: asideBuild.build }, 'another build serves now');
    await dropUnnamedBuilds({ builds, leases }, definition);
    return true;
  } catch (error) {
    if (!(error instanceof Overtaken)) throw error;
    log.info({ view: name }, 'somebody else looks after the build aside, or it is tried again');
    return true;
  }
};
