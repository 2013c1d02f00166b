import { ensureSchema, type Postgres } from '../postgres/postgres.js';

/**
 * `audit_entries` has a row for every event that was logged, by its number in the log, from 0. `latest` is the latest
 * `created` up to there: it never falls, so that a place in time is found by halving. `correlation` is made of the
 * correlation id by `correlationKey`, and `stream` is for people: the digest has the name as it is.
 *
 * `audit_nodes` has the roots of complete subtrees on every eighth level but the lowest; `audit_head` how far the log is, and by
 * which key its checkpoints are signed. The head comes first, as it does where events are logged: locks are then taken in
 * one order, and whoever prepares the tables meanwhile waits rather than to be in a deadlock.
 */
const schema = `
  create table if not exists audit_head (
    is_only boolean primary key default true check (is_only),
    size bigint not null,
    position bigint,
    prepare bigint,
    latest timestamptz,
    peaks bytea not null,
    public_key text
  );
  insert into audit_head (size, peaks) values (0, '') on conflict do nothing;
  create table if not exists audit_entries (
    index bigint primary key,
    position bigint not null,
    prepare bigint not null,
    stream text not null,
    revision bigint not null,
    event_id uuid not null,
    digest bytea not null,
    correlation uuid,
    latest timestamptz not null
  );
  create unique index if not exists audit_entries_by_position on audit_entries (position);
  create index if not exists audit_entries_by_correlation on audit_entries (correlation, index)
    where correlation is not null;
  create table if not exists audit_streams (
    stream text collate "C" primary key,
    last_revision bigint not null
  );
  create table if not exists audit_nodes (
    level smallint not null,
    index bigint not null,
    hash bytea not null,
    primary key (level, index)
  );
  create table if not exists audit_checkpoints (
    size bigint primary key,
    position bigint not null,
    root bytea not null,
    note text not null,
    made_at timestamptz not null,
    is_published boolean not null default false
  );
  create table if not exists audit_verifications (
    id uuid primary key,
    requested_at timestamptz not null default clock_timestamp(),
    begun_at timestamptz,
    completed_at timestamptz,
    state text not null default 'running',
    done bigint not null default 0,
    total bigint not null default 0,
    through bigint,
    checkpoint text,
    difference jsonb,
    failure text
  );
  create index if not exists audit_verifications_open on audit_verifications (requested_at) where state = 'running';
  create index if not exists audit_verifications_done on audit_verifications (completed_at) where state = 'done';`;

/** Makes the tables of the audit log, where they are not there. */
export const ensureAuditTables = (postgres: Postgres): Promise<void> => ensureSchema(postgres, schema);
