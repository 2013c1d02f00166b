import type { Postgres } from '../postgres/postgres.js';

/** The digests of `count` entries of the log from the one at `from` on, one after the other; fewer where some are gone. */
export type LoggedDigests = (from: number, count: number) => Promise<Buffer>;

/** So many at once that PostgreSQL is asked rarely, and few enough to lie in memory twice. */
const atOnce = 8_192;

/** Reads on ahead: the next digests are on their way while whoever compares has those before. To be asked in order. */
export const readDigests = (postgres: Postgres, size: number): LoggedDigests => {
  let [buffer, start] = [Buffer.alloc(0), 0];
  let ahead = 0;
  const fetch = () => {
    const [from, to] = [ahead, Math.min(ahead + atOnce, size)];
    ahead = to;
    const read = digestsBetween(postgres, from, to);
    // Whoever asks for it hears that it failed.
    read.catch(() => undefined);
    return read;
  };
  let next = fetch();
  return async (from, count) => {
    while (start + buffer.length / digestLength < Math.min(from + count, size)) {
      const kept = buffer.subarray((from - start) * digestLength);
      const come = await next;
      buffer = Buffer.concat([kept, come]);
      start = from;
      if (come.length === 0) break;
      next = ahead < size ? fetch() : Promise.resolve(Buffer.alloc(0));
    }
    return buffer.subarray((from - start) * digestLength, (from - start + count) * digestLength);
  };
};

const digestLength = 32;

const digestsBetween = async (postgres: Postgres, from: number, to: number): Promise<Buffer> => {
  const { rows } = await postgres.query<Readonly<{ digests: Buffer | null }>>(
    `select string_agg(digest, ''::bytea order by index) as digests from audit_entries where index >= $1 and index < $2`,
    [from, to],
  );
  return rows[0]?.digests ?? Buffer.alloc(0);
};
