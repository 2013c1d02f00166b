import { randomUUID } from 'node:crypto';
import type { Build } from '../shared/view.js';
import type { Leases } from './leases.js';
import type { ViewBuilds } from './view-builds.js';
import type { ViewDefinition } from './view-definition.js';

/**
 * Removes builds that no control names any more. Whoever still writes one is refused first.
 */
export const dropBuilds = async (
  { builds, leases }: Readonly<{ builds: ViewBuilds; leases: Leases }>,
  definition: ViewDefinition,
  gone: readonly Build[],
): Promise<void> => {
  for (const of of gone) {
    const { build, store } = builds.anyBuildOf(definition, of);
    await leases.takeAll(`drop/${randomUUID()}`, [build]);
    await store.drop();
    await leases.forget(build);
  }
};
