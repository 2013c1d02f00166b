import type { ViewIndexes } from '../shared/mongo-view.js';
import type { ViewTable } from '../shared/postgres-view.js';
import type { AnyView, Build } from '../shared/view.js';
import type { ViewStore } from './view-store.js';

/** A view as it is registered: what it is, and what lies beside its rows where they are kept. */
export type ViewDefinition = Readonly<{
  view: AnyView;
  table?: ViewTable;
  indexes?: ViewIndexes;
  /** The view as it was in older versions, of which one may serve until this one is built. */
  older?: readonly ViewDefinition[];
}>;

/** One build of a view, in its store. */
export type BuildDefinition = Readonly<{
  view: AnyView;
  of: Build;
  /** The table or collection. */
  build: string;
  store: ViewStore;
}>;
