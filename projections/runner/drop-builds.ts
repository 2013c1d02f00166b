import { randomUUID } from 'node:crypto';
import { buildNamed, nameOf } from '../shared/view.js';
import { buildsOf } from './control.js';
import type { Leases } from './leases.js';
import type { ViewBuilds } from './view-builds.js';
import type { ViewDefinition } from './view-definition.js';

/**
 * Removes the builds of a view that its control names no more, also those that whoever changed it had no time to remove.
 * Whoever still writes one is refused first.
 */
export const dropUnnamedBuilds = async (
  { builds, leases }: Readonly<{ builds: ViewBuilds; leases: Leases }>,
  definition: ViewDefinition,
): Promise<void> => {
  const { view } = definition;
  // In this order: a build is named before anything of it is made, and never again once it is not.
  const made = await leases.builds();
  const control = (await builds.controlsOf(definition).all()).get(view.name);
  if (!control) return;
  const named = new Set(buildsOf(control).map((of) => nameOf(view, of)));
  for (const name of made) {
    const of = buildNamed(view, name);
    if (!of || named.has(name)) continue;
    await leases.takeAll(`drop/${randomUUID()}`, [name]);
    await builds.anyBuildOf(definition, of).store.drop();
    await leases.forget(name);
  }
};
