import type { Position, StreamEvent } from '../event-store/stored-event.js';
import { ensureSchema, type Postgres } from '../postgres/postgres.js';

/** Why an event was refused for good: a code, and who refused it, where a relay serves several. */
export type Refusal = Readonly<{ code: string; reaction: string }>;

/** Where a parked event is found. */
export type ParkedPlace = Pick<StreamEvent, 'id' | 'streamId'>;

/** How far a relay has come, and the events that it had to leave behind. */
export type RelayTables = Readonly<{
  create: () => Promise<void>;
  /** The position up to which everything was handed over; `null` before the first event. */
  checkpoint: () => Promise<Position | null>;
  /** Moves it forward only: of several instances the one that is ahead says how far all have come. */
  keepCheckpoint: (position: Position) => Promise<void>;
  /** Notes an event that was refused for good; a repeat changes nothing but the reason. */
  park: (event: ParkedPlace, refusal: Refusal) => Promise<void>;
  /** The parked events that a person wants to be handed over again. */
  toRetry: () => Promise<readonly ParkedPlace[]>;
  /** Forgets a parked event: it was handed over after all. */
  unpark: (event: Pick<ParkedPlace, 'id'>) => Promise<void>;
}>;

/** Tables that all relays share. Once an event was parked for one relay only, whichever came first. */
const schema = `
  create table if not exists relay_checkpoints (
    name text primary key, commit bigint not null, prepare bigint not null);
  create table if not exists relay_parked (
    event_id uuid primary key, stream text not null, code text not null,
    at timestamptz not null default now());
  do $$ begin
    if not exists (select from pg_attribute where attrelid = 'relay_parked'::regclass and attname = 'relay') then
      alter table relay_parked
        add column relay text not null default '',
        add column reaction text not null default '',
        add column retry_at timestamptz,
        drop constraint relay_parked_pkey,
        add primary key (relay, event_id);
    end if;
  end $$`;

/** Makes the tables, or brings older ones to their present shape. */
export const createRelayTables = (postgres: Postgres): Promise<void> => ensureSchema(postgres, schema);

/** The place of one relay, by its name. */
export const relayTables = (postgres: Postgres, relay: string): RelayTables => ({
  create: () => createRelayTables(postgres),

  checkpoint: async () => {
    const { rows } = await postgres.query<Position>('select commit, prepare from relay_checkpoints where name = $1', [
      relay,
    ]);
    return rows[0] ?? null;
  },

  keepCheckpoint: async ({ commit, prepare }) => {
    await postgres.query(
      `insert into relay_checkpoints (name, commit, prepare) values ($1, $2, $3)
       on conflict (name) do update set commit = excluded.commit, prepare = excluded.prepare
       where relay_checkpoints.commit < excluded.commit`,
      [relay, commit, prepare],
    );
  },

  park: async ({ id, streamId }, { code, reaction }) => {
    await postgres.query(
      `insert into relay_parked (relay, event_id, stream, code, reaction) values ($1, $2, $3, $4, $5)
       on conflict (relay, event_id) do update set
         code = excluded.code, reaction = excluded.reaction, retry_at = null`,
      [relay, id, streamId, code, reaction],
    );
  },

  toRetry: async () => {
    const { rows } = await postgres.query<ParkedPlace>(
      `select event_id as id, stream as "streamId" from relay_parked
       where relay = $1 and retry_at is not null order by retry_at, at`,
      [relay],
    );
    return rows;
  },

  unpark: async ({ id }) => {
    await postgres.query('delete from relay_parked where relay = $1 and event_id = $2', [relay, id]);
  },
});
