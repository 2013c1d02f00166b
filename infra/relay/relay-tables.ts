import type { Position, StoredEvent } from '../event-store/stored-event.js';
import { ensureSchema, type Postgres } from '../postgres/postgres.js';

/** How far a relay has come, and the events that it had to leave behind. */
export type RelayTables = Readonly<{
  create: () => Promise<void>;
  /** The position up to which everything was handed over; `null` before the first event. */
  checkpoint: () => Promise<Position | null>;
  keepCheckpoint: (position: Position) => Promise<void>;
  /** Notes an event that was refused for good; a repeat changes nothing. */
  park: (event: StoredEvent, code: string) => Promise<void>;
}>;

/** The place of one relay, by its name, in tables that all relays share. */
export const relayTables = (postgres: Postgres, relay: string): RelayTables => ({
  create: () =>
    ensureSchema(
      postgres,
      `create table if not exists relay_checkpoints (
         name text primary key, commit bigint not null, prepare bigint not null);
       create table if not exists relay_parked (
         event_id uuid primary key, stream text not null, code text not null,
         at timestamptz not null default now());`,
    ),

  checkpoint: async () => {
    const { rows } = await postgres.query<Position>('select commit, prepare from relay_checkpoints where name = $1', [
      relay,
    ]);
    return rows[0] ?? null;
  },

  keepCheckpoint: async ({ commit, prepare }) => {
    await postgres.query(
      `insert into relay_checkpoints (name, commit, prepare) values ($1, $2, $3)
       on conflict (name) do update set commit = excluded.commit, prepare = excluded.prepare`,
      [relay, commit, prepare],
    );
  },

  park: async ({ id, streamId }, code) => {
    await postgres.query(
      'insert into relay_parked (event_id, stream, code) values ($1, $2, $3) on conflict (event_id) do nothing',
      [id, streamId, code],
    );
  },
});
