import { EventStoreDBClient, streamNameFilter, type AllStreamRecordedEvent } from '@eventstore/db-client';
import pg from 'pg';
import { offer } from './apart.js';
import { foldOrder, outcomeOf, type FoldedEvent, type OrderRow, type Outcome } from './order-rows.js';

/** Where to and how much: the table is made by `table`, and `name` is its name. Events are a multiple of `most`. */
export type BareCatchUp = Readonly<{
  eventStoreUrl: string;
  postgresUrl: string;
  name: string;
  table: string;
  events: number;
  most: number;
}>;

/**
 * A catch-up with nothing but what it takes: the client's subscription, rows in memory, and for each batch one upsert
 * and a checkpoint in a transaction. It survives no failure: it is a ceiling.
 */
const catchUp = async (what: BareCatchUp): Promise<Readonly<{ seconds: number; outcome: Outcome }>> => {
  const client = EventStoreDBClient.connectionString(what.eventStoreUrl);
  const postgres = new pg.Client({ connectionString: what.postgresUrl });
  await postgres.connect();
  const begun = performance.now();
  await postgres.query(`${what.table}; create table bare_checkpoint (id integer primary key, position bigint)`);
  const rows = new Map<string, OrderRow>();
  for await (const batch of batchesOf(client, what)) await write(postgres, what.name, batch, rows);
  const seconds = (performance.now() - begun) / 1000;
  const { rows: kept } = await postgres.query<{ data: object }>(`select data from ${what.name}`);
  await Promise.all([postgres.end(), client.dispose()]);
  return { seconds, outcome: outcomeOf(kept.map(({ data }) => data)) };
};

/** Full batches; the next one comes in while one is written. */
async function* batchesOf(client: EventStoreDBClient, { events, most }: BareCatchUp) {
  const come: AllStreamRecordedEvent[] = [];
  let wake: () => void = () => undefined;
  const subscription = client.subscribeToAll({ filter: streamNameFilter({ prefixes: ['order-', 'payment-'] }) });
  const failed = new Promise<never>((_, reject) => subscription.once('error', reject));
  subscription.on('data', ({ event }) => {
    if (event) come.push(event);
    if (come.length >= most) {
      subscription.pause();
      wake();
    }
  });
  for (let done = 0; done < events; done += most) {
    if (come.length < most) await Promise.race([failed, new Promise<void>((resolve) => (wake = resolve))]);
    const batch = come.splice(0, most);
    subscription.resume();
    yield batch;
  }
  failed.catch(() => undefined);
  subscription.on('error', () => undefined);
  await subscription.unsubscribe();
}

const write = async (
  postgres: pg.Client,
  table: string,
  batch: readonly AllStreamRecordedEvent[],
  rows: Map<string, OrderRow>,
) => {
  const changed = new Map<string, bigint>();
  for (const { type, data, metadata, revision, position } of batch) {
    const { orderId } = data as { orderId: string };
    const { at } = metadata as { at: string };
    const event = { type, data: data as FoldedEvent['data'], at, revision: Number(revision) };
    rows.set(orderId, foldOrder(rows.get(orderId), event));
    changed.set(orderId, position.commit);
  }
  const keys = [...changed.keys()];
  await postgres.query('begin');
  await postgres.query({
    name: 'upsert',
    text: `insert into ${table} (key, data, position)
           select key, data::jsonb, position from unnest($1::text[], $2::text[], $3::bigint[]) as row (key, data, position)
           on conflict (key) do update set data = excluded.data, position = excluded.position`,
    values: [keys, keys.map((key) => JSON.stringify(rows.get(key))), [...changed.values()]],
  });
  await postgres.query({
    name: 'checkpoint',
    text: 'insert into bare_checkpoint values (1, $1) on conflict (id) do update set position = excluded.position',
    values: [batch.at(-1)?.position.commit],
  });
  await postgres.query('commit');
};

const works = { catchUp };
export type Bare = typeof works;
offer(works);
