import type { ViewBuilds } from '../view-builds.js';
import type { BuildDefinition } from '../view-definition.js';
import type { ViewStore } from '../view-store.js';

/** Tests only. The same builds, in stores as `wrap` gives them. */
export const wrappedBuilds = (builds: ViewBuilds, wrap: (definition: BuildDefinition) => ViewStore): ViewBuilds => ({
  ...builds,
  buildOf: (definition, of) => {
    const found = builds.buildOf(definition, of);
    return found && { ...found, store: wrap(found) };
  },
  anyBuildOf: (definition, of) => {
    const found = builds.anyBuildOf(definition, of);
    return { ...found, store: wrap(found) };
  },
});
