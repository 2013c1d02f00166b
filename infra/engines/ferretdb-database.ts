import pg from 'pg';
import { createDatabases, databaseUrl } from './postgres-databases.js';

const database = 'ferretdb';

/**
 * FerretDB asks for a document by `_jsonb->$1 @> $2`, which its own index on `_id` is of no use for: each read and update
 * of one document would go through all of its collection. So each of its tables gets an index that is.
 */
const indexes = `
set search_path = public;

create or replace function index_documents() returns void language plpgsql as $$
declare
  documents regclass;
begin
  for documents in
    select attrelid::regclass from pg_attribute join pg_class on pg_class.oid = attrelid and relkind = 'r'
    where attname = '_jsonb' and not exists (
      select from pg_index join pg_class made on made.oid = indexrelid join pg_am on pg_am.oid = made.relam
      where indrelid = attrelid and amname = 'gin')
  loop
    execute format('create index on %s using gin ((_jsonb -> ''_id'') jsonb_path_ops) with (fastupdate = off)', documents);
  end loop;
end $$;

create or replace function index_made_documents() returns event_trigger language plpgsql as $$
begin
  perform public.index_documents();
end $$;

drop event trigger if exists index_made_documents;
create event trigger index_made_documents on ddl_command_end when tag in ('CREATE TABLE')
  execute function index_made_documents();
select index_documents();
`;

/**
 * Makes the database that FerretDB keeps its collections in. Gives whether PostgreSQL could be asked.
 *
 * @throws Error when it cannot be made.
 */
export const prepareFerretdbDatabase = async (postgresUrl: string): Promise<boolean> => {
  if (!(await createDatabases(postgresUrl, [database]))) return false;
  const client = new pg.Client({
    connectionString: databaseUrl(postgresUrl, database),
    connectionTimeoutMillis: 2_000,
  });
  // The server may go away meanwhile; the query that fails then says so.
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query(indexes);
  } catch (error) {
    // Of a PostgreSQL that somebody else runs we may not be the superuser: then it is only slower.
    if (!(error instanceof pg.DatabaseError && error.code === insufficientPrivilege)) throw error;
  } finally {
    await client.end();
  }
  return true;
};

/** PostgreSQL, appendix A. */
const insufficientPrivilege = '42501';

/** What FerretDB is told of it. */
export const ferretdbPostgresUrl = (postgresUrl: string): string => {
  const url = new URL(databaseUrl(postgresUrl, database));
  // With fewer connections than bulks may ask for at once it hangs for ever.
  url.searchParams.set('pool_max_conns', '200');
  // Idle ones cost memory. Whatever is said here FerretDB takes for a minute; where nothing is, they stay for half an hour.
  url.searchParams.set('pool_max_conn_idle_time', '1m');
  // A plan for any field would be one without the index.
  url.searchParams.set('plan_cache_mode', 'force_custom_plan');
  return url.href;
};
