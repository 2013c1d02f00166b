import { sql } from '@event-driven-io/dumbo';
import type { Event, ReadEvent } from '@event-driven-io/emmett';
import {
  getPostgreSQLEventStore,
  pongoMultiStreamProjection,
  postgreSQLEventStoreConsumer,
  postgreSQLRawSQLProjection,
  type PostgreSQLProjectionDefinition,
} from '@event-driven-io/emmett-postgresql';
import pg from 'pg';
import { offer } from './apart.js';
import { eventsPerOrder, inGroups } from './order-events.js';
import { foldOrder, outcomeOf, type FoldedEvent, type OrderRow, type Outcome } from './order-rows.js';

type OrderEvent = Event<string, Record<string, unknown>, { at: string }>;
type Place = Readonly<{ postgresUrl: string; orders: number }>;

/** How emmett comes by the rows: in a collection of pongo's, as its documents begin, or by SQL of one's own. */
export type Kind = 'pongo' | 'sql';

/** `name`: of what the rows lie in, and of who reads. Without `pulling` with what emmett does by itself. */
export type Projecting = Place &
  Readonly<{ name: string; kind: Kind; pulling?: Readonly<{ batchSize: number; pullingFrequencyInMs: number }> }>;

const canHandle = ['OrderPlaced', 'AuthorisationRequested', 'PaymentAuthorised', 'PaymentCaptured', 'OrderPaid'];

/**
 * Appends the events of orders to emmett's own store, one append at a time: it reads by transaction and goes on by
 * position, and passes over events that were appended at the same time as others.
 */
const fill = async ({ postgresUrl, orders }: Place): Promise<void> => {
  const eventStore = getPostgreSQLEventStore(postgresUrl);
  await eventStore.schema.migrate();
  await inGroups(orders, 1, ({ stream, events }) =>
    eventStore.appendToStream<OrderEvent>(
      stream,
      events.map(({ type, data, metadata }) => ({ type, data: { ...data }, metadata })),
    ),
  );
  await eventStore.close();
};

/** Projects them from the first to the last. Gives how long that took and what came out. */
const project = async ({ postgresUrl, orders, name, kind, pulling }: Projecting) => {
  const consumer = postgreSQLEventStoreConsumer({ connectionString: postgresUrl, ...(pulling && { pulling }) });
  const last = BigInt(orders * eventsPerOrder);
  consumer.projector<OrderEvent>({
    processorId: name,
    projection: projections[kind](name),
    stopAfter: ({ metadata }) => metadata.globalPosition === last,
  });
  const begun = performance.now();
  await consumer.start();
  const seconds = (performance.now() - begun) / 1000;
  await consumer.close();
  return { seconds, outcome: await outcome(postgresUrl, name) };
};

const projections: Readonly<Record<Kind, (name: string) => PostgreSQLProjectionDefinition<OrderEvent>>> = {
  pongo: (name) =>
    pongoMultiStreamProjection<OrderRow, OrderEvent>({
      collectionName: name,
      canHandle,
      getDocumentId: ({ data }) => String(data['orderId']),
      evolve: (row: OrderRow | null, event: ReadEvent<OrderEvent>) => foldOrder(row ?? undefined, folded(event)),
    }),
  sql: (name) =>
    postgreSQLRawSQLProjection<OrderEvent>({
      name,
      canHandle,
      init: () => sql(`create table if not exists ${name} (_id text primary key, data jsonb not null)`),
      evolve: (event) => change(name, folded(event as ReadEvent<OrderEvent>)),
    }),
};

/** Streams begin at 1 there. */
const folded = ({ type, data, metadata }: ReadEvent<OrderEvent>): FoldedEvent => {
  const { at, streamPosition } = metadata as unknown as { at: string; streamPosition: bigint };
  return { type, data, at, revision: Number(streamPosition) - 1 };
};

/** The fold as one statement, so that no row need be read. */
const change = (table: string, event: FoldedEvent) => {
  const { type, data, at, revision } = event;
  const update = (expression: string, value: unknown) =>
    sql(`update ${table} set data = ${expression} where _id = %L`, JSON.stringify(value), data['orderId']);
  switch (type) {
    case 'OrderPlaced':
      return sql(
        `insert into ${table} values (%L, %L) on conflict do nothing`,
        data['orderId'],
        JSON.stringify(foldOrder(undefined, event)),
      );
    case 'AuthorisationRequested':
      return update('data || %L', { payment: { status: 'PENDING', method: data['method'] }, updatedAt: at });
    case 'PaymentAuthorised':
      return update(`jsonb_set(data, '{payment,status}', %L)`, 'AUTHORISED');
    case 'PaymentCaptured':
      return update(`jsonb_set(data, '{payment,status}', %L)`, 'CAPTURED');
    default:
      return update('data || %L', { status: 'PAID', version: revision, updatedAt: at });
  }
};

const outcome = async (postgresUrl: string, name: string): Promise<Outcome> => {
  const postgres = new pg.Client({ connectionString: postgresUrl });
  await postgres.connect();
  const { rows } = await postgres.query<{ data: object }>(`select data from ${name}`);
  await postgres.end();
  return outcomeOf(rows.map(({ data }) => data));
};

const works = { fill, project };
export type Emmett = typeof works;
offer(works);
