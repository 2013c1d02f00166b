import { Kysely, Migrator, PostgresDialect, sql, type Migration } from 'kysely';
import type { Postgres } from '../../infra/postgres/postgres.js';

/**
 * Brings the tables that all views share to their present shape: once, one process at a time, however many start (Kysely
 * holds an advisory lock meanwhile). The table of a view is made when a build of it begins.
 *
 * @throws whatever a migration failed with; what was done before it is kept.
 */
export const migrateViews = async (postgres: Postgres): Promise<void> => {
  const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool: postgres }) });
  const migrator = new Migrator({
    db,
    provider: { getMigrations: () => Promise.resolve(migrations) },
    migrationTableName: 'projection_migrations',
    migrationLockTableName: 'projection_migrations_lock',
  });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) throw error as Error;
};

const statements = (...all: readonly string[]): Migration => ({
  up: async (db) => {
    for (const statement of all) await sql.raw(statement).execute(db);
  },
});

/** By name, in their order: added to, never changed. */
const migrations: Readonly<Record<string, Migration>> = {
  // Views of before lie in tables without a build's number; they are built anew.
  '001-builds': statements(
    `do $$ declare old text; begin
       for old in select relname from pg_class where relkind = 'r' and relname ~ '^view_[a-z_]+_v[0-9]+$' loop
         execute format('drop table %I', old);
       end loop;
       drop table if exists checkpoints;
     end $$`,
    `create table projection_views (view text primary key, control jsonb not null)`,
    `create table projection_instances (instance text primary key, seen timestamptz not null)`,
    `create table projection_leases (
       build text, partition integer, owner text not null, epoch bigint not null, expires timestamptz not null,
       primary key (build, partition))`,
    `create table projection_checkpoints (
       build text, partition integer, commit bigint, prepare bigint, epoch bigint not null,
       primary key (build, partition)) with (fillfactor = 50)`,
    `create table projection_parked (
       build text not null, position bigint not null, partition integer not null, key text not null,
       stream text not null, revision bigint not null, event_id uuid not null, type text not null,
       error text not null, parked_at timestamptz not null default now(), request text,
       primary key (build, position))`,
    `create index projection_parked_key on projection_parked (build, key, position)`,
    `create table projection_status (
       build text, instance text, status jsonb not null, at timestamptz not null default now(),
       primary key (build, instance))`,
  ),
  '002-builds-of-instances': statements(
    `alter table projection_instances add column builds text[] not null default '{}'`,
  ),
  '003-replays': statements(
    `create table projection_replays (
       id text primary key, view text not null, at text not null, state text not null default 'running',
       position bigint, reached bigint not null default -1, outcome jsonb,
       asked timestamptz not null default clock_timestamp(), epoch bigint not null default 0,
       expires timestamptz not null default '-infinity')`,
  ),
};
