import { reachingPostgres, type Postgres } from '../postgres/postgres.js';
import { createRelayTables } from './relay-tables.js';

/** An event that a relay could not hand over, as a person sees it. */
export type ParkedEvent = Readonly<{
  /** Empty where it was parked before relays were told apart. */
  relay: string;
  eventId: string;
  stream: string;
  /** Which of the relay's policies or reactions refused it, where it has several. */
  reaction: string;
  code: string;
  parkedAt: Date;
  /** When a person asked for it to be handed over again; `null` where nobody did. */
  retryAt: Date | null;
}>;

/** Those of these ids, or all where none is given; of one relay, or of any. */
export type Choice = Readonly<{ events: readonly string[]; relay?: string | undefined }>;

/** The events that relays have parked, and what a person may do with them. Every method throws `service.unavailable`. */
export type ParkedEvents = Readonly<{
  list: (choice: Choice) => Promise<readonly ParkedEvent[]>;
  /** Has the relays that run hand them over again. Gives how many. */
  retry: (choice: Choice) => Promise<number>;
  /** Forgets them: what they should have led to never happens. Gives how many. */
  discard: (choice: Choice) => Promise<number>;
}>;

/** What was parked before relays were told apart counts for the relay that is named. */
const chosen = `(cardinality($1::uuid[]) = 0 or event_id = any($1::uuid[])) and ($2::text is null or relay in ($2, ''))`;

export const createParkedEvents = (postgres: Postgres): ParkedEvents => {
  const query = (text: string, { events, relay }: Choice) =>
    reachingPostgres(async () => {
      await createRelayTables(postgres);
      return postgres.query<ParkedEvent>(text, [events, relay ?? null]);
    });
  const count = async (text: string, choice: Choice) => (await query(text, choice)).rowCount ?? 0;
  return {
    list: async (choice) => {
      const { rows } = await query(
        `select relay, event_id as "eventId", stream, reaction, code, at as "parkedAt", retry_at as "retryAt"
         from relay_parked where ${chosen} order by at, relay, event_id`,
        choice,
      );
      return rows;
    },
    retry: (choice) =>
      count(
        `update relay_parked set retry_at = now(), relay = coalesce($2, relay)
         where ${chosen} and ($2::text is not null or relay <> '')`,
        choice,
      ),
    discard: (choice) => count(`delete from relay_parked where ${chosen}`, choice),
  };
};
