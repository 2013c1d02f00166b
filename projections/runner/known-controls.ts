import { once } from '../../infra/process/once.js';
import type { Build, Control } from '../shared/view.js';
import { buildsOf, isToCompare, started } from './control.js';
import type { ViewBuilds } from './view-builds.js';
import type { BuildDefinition, ViewDefinition } from './view-definition.js';

type ViewStoreName = ViewDefinition['view']['store'];

/** Which builds there are of the views, as this process last read it. */
export type KnownControls = Readonly<{
  /** Reads what each store tells, and notes there first what this code wants; resolves when both have told, or failed. */
  read: () => Promise<void>;
  of: (definition: ViewDefinition) => Control | undefined;
  /** The builds of all views that are kept up to date: not those that served before. */
  wanted: () => readonly BuildDefinition[];
  /** Whether a build is known to be one that does not serve. */
  isAside: (view: string, of: Build) => boolean;
  /** The builds aside of which something is to be done once they have caught up. */
  toSettle: () => readonly BuildDefinition[];
  /** The build of a view that serves; `null` where it is not known, or of a version that this code does not know. */
  live: (view: string) => BuildDefinition | null;
}>;

/** @param tell is given why a store could not tell, once until it can again. */
export const createKnownControls = (
  builds: ViewBuilds,
  tell: (store: ViewStoreName, error: unknown) => void,
): KnownControls => {
  const controls = new Map<string, Control>();
  const reading = new Map<ViewStoreName, Promise<void>>();
  const away = new Set<ViewStoreName>();
  const begun = new Map(builds.definitions.map((definition) => [definition, once(() => begin(definition))]));

  const begin = async (definition: ViewDefinition) => {
    const { name, version } = definition.view;
    const now = new Date().toISOString();
    await builds.controlsOf(definition).change(name, (control) => started(control, version, now));
  };

  /** One read of a store at a time, however long it takes. */
  const readStore = (store: ViewStoreName) => {
    const begunReading = reading.get(store) ?? readControls(store).finally(() => reading.delete(store));
    reading.set(store, begunReading);
    return begunReading;
  };

  /** What one store cannot tell now stays as it was; the views of the other go on. */
  const readControls = async (store: ViewStoreName) => {
    const those = builds.definitions.filter(({ view }) => view.store === store);
    const [one] = those;
    if (!one) return;
    try {
      for (const definition of those) await begun.get(definition)?.();
      for (const [name, control] of await builds.controlsOf(one).all()) controls.set(name, control);
      away.delete(store);
    } catch (error) {
      if (!away.has(store)) tell(store, error);
      away.add(store);
    }
  };

  const of = ({ view }: ViewDefinition) => controls.get(view.name);
  return {
    read: async () => {
      await Promise.all([readStore('postgres'), readStore('mongodb')]);
    },
    of,
    wanted: () =>
      builds.definitions.flatMap((definition) => {
        const control = of(definition);
        if (!control) return [];
        return buildsOf({ ...control, previous: null }).flatMap((build) => builds.buildOf(definition, build) ?? []);
      }),
    isAside: (name, build) => {
      const control = controls.get(name);
      return control !== undefined && control.live.number !== build.number;
    },
    toSettle: () =>
      builds.definitions.flatMap((definition) => {
        const control = of(definition);
        if (!control?.aside || !(control.aside.switches || isToCompare(control))) return [];
        return builds.buildOf(definition, control.aside) ?? [];
      }),
    live: (name) => {
      const definition = builds.definitions.find(({ view }) => view.name === name);
      const control = definition && of(definition);
      return definition && control ? builds.buildOf(definition, control.live) : null;
    },
  };
};
