import { createPostgres, type Postgres } from '../../../postgres/postgres.js';

/** A pool whose statements run until `meanwhile` has its turn, just before the one of that number. */
export const interruptedBefore = (
  url: string,
  statement: number,
  meanwhile: () => Promise<void>,
): Readonly<{ postgres: Postgres; wasInterrupted: () => boolean }> => {
  let sent = 0;
  const postgres = createPostgres(url);
  postgres.on('connect', (client) => {
    const send = client.query.bind(client) as (...given: unknown[]) => unknown;
    const query = (...given: unknown[]) => {
      sent += 1;
      return sent === statement ? meanwhile().then(() => send(...given)) : send(...given);
    };
    Object.assign(client, { query });
  });
  return { postgres, wasInterrupted: () => sent >= statement };
};
