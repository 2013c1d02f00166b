import { randomUUID } from 'node:crypto';
import { reachingPostgres } from '../../infra/postgres/postgres.js';
import { buildNamed, nameOf } from '../shared/view.js';
import { buildsOf } from './control.js';
import { existingControl } from './existing-control.js';
import type { Leases } from './leases.js';
import type { ViewBuilds } from './view-builds.js';
import type { ViewDefinition } from './view-definition.js';

export type DroppingParts = Readonly<{ builds: ViewBuilds; leases: Leases }>;

/**
 * Removes the builds of a view that its control names no more, also those that whoever changed it had no time to remove.
 * Whoever still writes one is refused first.
 *
 * @throws DomainError `projection.not_ready` where the view was never built, `service.unavailable`; what is left then is
 * removed the next time.
 */
export const dropUnnamedBuilds = async (
  { builds, leases }: DroppingParts,
  definition: ViewDefinition,
): Promise<void> => {
  const { view } = definition;
  // In this order: a build is named before anything of it is made, and never again once it is not.
  const made = await reachingPostgres(() => leases.builds());
  const named = new Set(buildsOf(await existingControl(builds, definition)).map((of) => nameOf(view, of)));
  for (const name of made) {
    const of = buildNamed(view, name);
    if (!of || named.has(name)) continue;
    const { store } = builds.anyBuildOf(definition, of);
    await store.claim(await leases.takeAll(`drop/${randomUUID()}`, [name]));
    await store.drop();
    await leases.forget(name);
  }
};

/** So often it is looked for builds that nobody could remove when they were to be. */
const everyMs = 60_000;

/** What removes unnamed builds of all views from time to time: `look` begins it where it is due, and waits for nothing. */
export const createTidying = (
  parts: DroppingParts,
  tell: (view: string, error: unknown) => void,
): Readonly<{ look: () => void; ended: () => Promise<void> }> => {
  let last = -Infinity;
  let underWay = Promise.resolve();
  const tidy = async () => {
    for (const definition of parts.builds.definitions)
      await dropUnnamedBuilds(parts, definition).catch((error: unknown) => tell(definition.view.name, error));
  };
  return {
    look: () => {
      if (performance.now() - last < everyMs) return;
      last = performance.now();
      underWay = underWay.then(tidy);
    },
    ended: () => underWay,
  };
};
