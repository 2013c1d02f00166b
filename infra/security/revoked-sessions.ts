import { ensureSchema, reachingPostgres, type Postgres } from '../postgres/postgres.js';
import { once } from '../process/once.js';
import { identityChannel } from './signing-keys.js';
import { createTellByName } from './tell-by-name.js';
import { longestTokenSeconds } from './token-lifetime.js';

/** The sessions that are over while access tokens of them have not expired, as this process knows them. */
export type RevokedSessions = Readonly<{
  has: (sessionId: string) => boolean;
  /** Takes note that a session is over. */
  add: (sessionId: string) => void;
  /** Calls `end` when it is noted that a session is over; gives what stops that. */
  onEnd: (sessionId: string, end: () => void) => () => void;
  /** Takes note of all that are kept. @throws DomainError `service.unavailable` while PostgreSQL is away. */
  reread: () => Promise<void>;
  /** As `reread`, unless it was done before. */
  known: () => Promise<void>;
}>;

const schema = `
  create table if not exists revoked_sessions (session uuid primary key, until timestamptz not null);
  create index if not exists revoked_sessions_until on revoked_sessions (until)`;

/** Makes the table of sessions that are over. */
export const prepareRevokedSessions = (postgres: Postgres): Promise<void> => ensureSchema(postgres, schema);

/** Keeps that sessions are over, and tells every process once the transaction is committed. */
export const keepRevoked = async (target: Pick<Postgres, 'query'>, sessionIds: readonly string[]): Promise<void> => {
  if (sessionIds.length === 0) return;
  await target.query(
    `delete from revoked_sessions where session in (
       select session from revoked_sessions where until <= now() for update skip locked)`,
  );
  await target.query(
    `with kept as (
       insert into revoked_sessions (session, until) select unnest($1::uuid[]), now() + $2 * interval '1 second'
       on conflict (session) do update set until = excluded.until returning session
     ) select pg_notify($3, session::text) from kept`,
    [sessionIds, longestTokenSeconds, identityChannel],
  );
};

/** `now` is in milliseconds and for tests. */
export const createRevokedSessions = (
  postgres: Postgres,
  now: () => number = () => performance.now(),
): RevokedSessions => {
  const prepared = once(() => prepareRevokedSessions(postgres));
  const untilMs = new Map<string, number>();
  const ends = createTellByName();

  const add = (sessionId: string) => {
    for (const [earlier, until] of untilMs) {
      if (until > now()) break;
      untilMs.delete(earlier);
    }
    untilMs.delete(sessionId);
    untilMs.set(sessionId, now() + longestTokenSeconds * 1_000);
    ends.tell(sessionId);
  };

  const reread = () =>
    reachingPostgres(async () => {
      await prepared();
      const { rows } = await postgres.query<{ session: string }>(
        'select session from revoked_sessions where until > now() order by until',
      );
      rows.forEach(({ session }) => add(session));
    });

  return { has: (sessionId) => untilMs.has(sessionId), add, onEnd: ends.on, reread, known: once(reread) };
};
