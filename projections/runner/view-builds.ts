import { DomainError } from '../../domains/shared/errors.js';
import type { Mongo } from '../../infra/mongo/mongo.js';
import type { Postgres } from '../../infra/postgres/postgres.js';
import { nameOf, type AnyView, type Build } from '../shared/view.js';
import { controlsInMongo, controlsInPostgres, type Controls } from './controls.js';
import { createMongoStore } from './mongo-store.js';
import { createPostgresStore } from './postgres-store.js';
import type { BuildDefinition, ViewDefinition } from './view-definition.js';
import type { ViewStore } from './view-store.js';

export type Databases = Readonly<{ postgres: Postgres; mongo: Mongo }>;

/** The views that this code knows, and how their builds are reached. */
export type ViewBuilds = Readonly<{
  definitions: readonly ViewDefinition[];
  /** Where the pointer of a view lies: beside its rows. */
  controlsOf: (definition: ViewDefinition) => Controls;
  /** A build in the version that it has; `null` where this code does not know that version. */
  buildOf: (definition: ViewDefinition, of: Build) => BuildDefinition | null;
  /** A build of whatever version, of which only the checkpoints are looked at, and which can be dropped. */
  anyBuildOf: (definition: ViewDefinition, of: Build) => BuildDefinition;
  /** Where rows of a view lie under a name of their own, beside its builds: nothing but keys leads to them. */
  storeNamed: (definition: ViewDefinition, name: string) => ViewStore;
}>;

export const createViewBuilds = (definitions: readonly ViewDefinition[], databases: Databases): ViewBuilds => {
  const { postgres, mongo } = databases;
  const controls = { postgres: controlsInPostgres(postgres), mongodb: controlsInMongo(mongo, postgres) };
  const made = (definition: ViewDefinition, of: Build): BuildDefinition => {
    const build = nameOf(definition.view, of);
    return { view: definition.view, of, build, store: storeOf(definition, build, databases) };
  };
  return {
    definitions,
    controlsOf: ({ view }) => controls[view.store],
    buildOf: (definition, of) => {
      const known = [definition, ...(definition.older ?? [])].find(({ view }) => view.version === of.version);
      return known ? made(known, of) : null;
    },
    anyBuildOf: made,
    storeNamed: ({ view }, name) => storeOf({ view: untold(view) }, name, databases),
  };
};

/** Nobody listens to what does not serve. */
const untold = (view: AnyView): AnyView => {
  if (!('change' in view)) return view;
  const { change: _, ...others } = view;
  return others;
};

/** @throws DomainError `projection.not_found` */
export const definitionNamed = ({ definitions }: ViewBuilds, name: string): ViewDefinition => {
  const definition = definitions.find(({ view }) => view.name === name);
  if (definition) return definition;
  const known = definitions.map(({ view }) => view.name).join(', ');
  throw new DomainError('projection.not_found', `There is no view ${name}; there are ${known}`);
};

/** What a projection is typed by concerns only those who write it. */
const storeOf = ({ view, table, indexes }: ViewDefinition, build: string, databases: Databases) =>
  view.store === 'postgres'
    ? createPostgresStore(databases.postgres, view as Parameters<typeof createPostgresStore>[1], build, table)
    : createMongoStore(databases, view as unknown as Parameters<typeof createMongoStore>[1], build, indexes);
