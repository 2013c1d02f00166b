import type { Postgres } from '../postgres/postgres.js';
import { selectedColumnsText } from './indexed-columns.js';
import { hashLength } from './merkle-tree.js';

/** Entries of the log: their digests one after the other, and of each the text of what it is found by. */
export type LoggedEntries = Readonly<{ digests: Buffer; columns: readonly string[] }>;

/** `count` entries from the one at `from` on; fewer where some are gone. */
export type ReadEntries = (from: number, count: number) => Promise<LoggedEntries>;

/** So many at once that PostgreSQL is asked rarely, and few enough to lie in memory twice. */
const atOnce = 8_192;

/** Reads on ahead: the next entries are on their way while whoever compares has those before. To be asked in order. */
export const readEntries = (postgres: Postgres, size: number): ReadEntries => {
  let [entries, start] = [none, 0];
  let ahead = 0;
  const fetch = () => {
    const [from, to] = [ahead, Math.min(ahead + atOnce, size)];
    ahead = to;
    const read = entriesBetween(postgres, from, to);
    // Whoever asks for it hears that it failed.
    read.catch(() => undefined);
    return read;
  };
  let next = fetch();
  return async (from, count) => {
    while (start + countOf(entries) < Math.min(from + count, size)) {
      const kept = part(entries, from - start);
      const come = await next;
      entries = {
        digests: Buffer.concat([kept.digests, come.digests]),
        columns: [...kept.columns, ...come.columns],
      };
      start = from;
      if (countOf(come) === 0) break;
      next = ahead < size ? fetch() : Promise.resolve(none);
    }
    return part(entries, from - start, from - start + count);
  };
};

const none: LoggedEntries = { digests: Buffer.alloc(0), columns: [] };

const countOf = ({ digests }: LoggedEntries) => digests.length / hashLength;

const part = ({ digests, columns }: LoggedEntries, from: number, to = columns.length): LoggedEntries => ({
  digests: digests.subarray(from * hashLength, to * hashLength),
  columns: columns.slice(from, to),
});

const entriesBetween = async (postgres: Postgres, from: number, to: number): Promise<LoggedEntries> => {
  const { rows } = await postgres.query<Readonly<{ digests: Buffer | null; columns: readonly string[] | null }>>(
    `select string_agg(digest, ''::bytea order by index) as digests,
       json_agg(${selectedColumnsText} order by index) as columns
     from audit_entries where index >= $1 and index < $2`,
    [from, to],
  );
  return { digests: rows[0]?.digests ?? none.digests, columns: rows[0]?.columns ?? [] };
};
