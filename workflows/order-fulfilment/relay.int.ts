import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { InMemorySpanExporter, NodeTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node';
import { WorkflowNotFoundError } from '@temporalio/client';
import { pino } from 'pino';
import { DomainError } from '../../domains/shared/errors.js';
import { startEngines, type EnginesForTests } from '../../infra/engines/testing/engines-for-tests.js';
import { createEventStore, type EventStore } from '../../infra/event-store/event-store.js';
import type { Position } from '../../infra/event-store/stored-event.js';
import { createPostgres, type Postgres } from '../../infra/postgres/postgres.js';
import { newTraceparent, traceIdOf } from '../../infra/telemetry/tracing.js';
import { connectTemporal, type Temporal } from '../../infra/temporal/connection.js';
import type { RunningRelay } from '../../infra/relay/relay.js';
import { createRelayTables } from '../../infra/relay/relay-tables.js';
import { registerSearchAttributes } from '../../infra/temporal/register-search-attributes.js';
import { searchAttributes } from '../../infra/temporal/search-attributes.js';
import { usualTiming } from './fulfilment.js';
import { createOpenOrders } from './open-orders.js';
import { relayOrders } from './relay.js';

const spans = new InMemorySpanExporter();
let engines: EnginesForTests;
let eventStore: EventStore;
let postgres: Postgres;
let temporal: Temporal;
let relay: RunningRelay | undefined;
/** What the orders say of every order. */
let status: string;
const revisions = new Map<string, number>();
let logged: { msg: string; trouble?: string }[];

beforeAll(async () => {
  new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] }).register({ propagator: null });
  engines = await startEngines(['event-store', 'postgres', 'temporal']);
  eventStore = createEventStore(engines.env.EVENTSTORE_URL);
  postgres = createPostgres(engines.env.POSTGRES_URL, 4);
  await createRelayTables(postgres);
  temporal = connectTemporal(engines.env.TEMPORAL_ADDRESS);
  await registerSearchAttributes(temporal.client.connection, pino({ level: 'silent' }));
});
beforeEach(() => {
  status = 'PENDING';
  logged = [];
  spans.reset();
});
afterEach(() => relay?.stop());
afterAll(async () => {
  await temporal.close();
  await postgres.end();
  await eventStore.dispose();
  await engines.stop();
});

it('starts a saga for every order that is placed, with what its events need', async () => {
  relay = relayTo(temporal);
  const { orderId, eventId, correlationId, position } = await placed();
  await reached(position);
  const { workflow, input } = await startOf(orderId);
  expect(workflow).toMatchObject({ type: 'orderFulfilment', taskQueue: 'order-fulfilment', memo: { correlationId } });
  expect(input).toMatchObject({
    origin: { workflowId: `order-${orderId}`, orderId, correlationId, causationId: eventId },
    order: { status: 'PENDING' },
  });
  expect(workflow.typedSearchAttributes.get(searchAttributes.orderId)).toBe(orderId);
  expect(await openOrders()).toContain(orderId);
});

it('tells a saga of what happens to its order, its payment and its shipment', async () => {
  relay = relayTo(temporal);
  const { orderId, position } = await placed();
  await reached(position);
  const told = [
    await happened(`order-${orderId}`, 'PaymentMethodOffered'),
    await happened(`payment-${orderId}`, 'ProviderNoticeRecorded'),
    await happened(`shipment-${orderId}`, 'ShipmentDispatched'),
  ];
  await happened(`shipment-${orderId}`, 'DispatchStarted');
  await reached((await placed()).position);
  const received = await newsTo(`order-${orderId}`);
  expect(received).toHaveLength(told.length);
  expect(received).toEqual(expect.arrayContaining(told.map(({ eventId: id, type }) => ({ id, type }))));
});

it('begins the return of what was delivered, and a refund that staff asked for', async () => {
  relay = relayTo(temporal);
  const [orderId, refundId] = [randomUUID(), randomUUID()];
  await happened(`order-${orderId}`, 'ReturnRequested');
  await happened(`payment-${orderId}`, 'RefundRequested', { refundId });
  const own = await happened(`payment-${orderId}`, 'RefundRequested', { refundId: orderId }, '(saga)');
  await reached(own.position);
  const types = await Promise.all([`order-return-${orderId}`, `payment-refund-${refundId}`].map(typeOf));
  expect(types).toEqual(['orderReturn', 'paymentRefund']);
  await expect(typeOf(`payment-refund-${orderId}`)).rejects.toThrow(WorkflowNotFoundError);
});

it('tells whatever is under way for an order that staff want it tried again', async () => {
  relay = relayTo(temporal);
  const [orderId, refundId] = [randomUUID(), randomUUID()];
  await placed(orderId);
  await happened(`order-${orderId}`, 'ReturnRequested');
  const { position } = await happened(`payment-${orderId}`, 'RefundRequested', { refundId });
  await reached(position);
  await foundBySearch(`payment-refund-${refundId}`);
  const retry = await happened(`order-${orderId}`, 'SagaRetryRequested');
  await reached(retry.position);
  const news = await Promise.all(
    [`order-${orderId}`, `order-return-${orderId}`, `payment-refund-${refundId}`].map(newsTo),
  );
  expect(news).toEqual(Array(3).fill([{ id: retry.eventId, type: retry.type }]));
});

it('begins no saga for an order that is not pending, and forgets one that has ended', async () => {
  relay = relayTo(temporal);
  status = 'DELIVERED';
  const { orderId } = await placed();
  const { position } = await happened(`order-${orderId}`, 'OrderDelivered');
  await reached(position);
  await expect(runOf(orderId)).rejects.toThrow(WorkflowNotFoundError);
});

it('starts the saga in the trace of the order', async () => {
  relay = relayTo(temporal);
  const { position, traceparent } = await placed();
  await reached(position);
  const started = spans.getFinishedSpans().map((span) => ({ name: span.name, trace: span.spanContext().traceId }));
  expect(started).toEqual([{ name: 'workflow orderFulfilment', trace: traceIdOf(traceparent) }]);
});

it('goes on from its checkpoint, also with orders that came while it did not run', async () => {
  relay = relayTo(temporal);
  await reached((await placed()).position);
  await relay.stop();
  const meanwhile = await placed();
  relay = relayTo(temporal);
  await reached(meanwhile.position);
  expect((await startOf(meanwhile.orderId)).workflow.status.name).toBe('RUNNING');
});

it('leaves alone what lies before its checkpoint', async () => {
  const handled = await placed();
  const { commit, prepare } = handled.position;
  await postgres.query('update relay_checkpoints set commit = $1, prepare = $2', [commit, prepare]);
  relay = relayTo(temporal);
  await reached((await placed()).position);
  await expect(runOf(handled.orderId)).rejects.toThrow(WorkflowNotFoundError);
});

it('begins no saga twice when its checkpoint is set back, also not one that has ended', async () => {
  relay = relayTo(temporal);
  const [running, ended] = [await placed(), await placed()];
  await reached(ended.position);
  await temporal.client.workflow.getHandle(`order-${ended.orderId}`).terminate();
  const before = [await runOf(running.orderId), await runOf(ended.orderId)];

  await relay.stop();
  await postgres.query('delete from relay_checkpoints');
  relay = relayTo(temporal);
  await reached(ended.position);
  expect([await runOf(running.orderId), await runOf(ended.orderId)]).toEqual(before);
  expect(await parked()).toEqual([]);
});

it('starts the orders that were placed while Temporal was away when it comes, and says so once', async () => {
  const link = await linkTo(engines.env.TEMPORAL_ADDRESS);
  const linked = connectTemporal(link.address);
  relay = relayTo(linked);
  const orders = [await placed(), await placed(), await placed()];
  await said('The relay waits');
  await link.open();
  for (const { position } of orders) await reached(position);
  await expect(Promise.all(orders.map(({ orderId }) => runOf(orderId)))).resolves.toHaveLength(3);
  expect(logged.map(({ msg }) => msg)).toEqual(['The relay waits', 'The relay goes on']);
  await relay.stop();
  await linked.close();
  await link.close();
});

it('waits for a PostgreSQL that is away at its start', async () => {
  const { hostname, port } = new URL(engines.env.POSTGRES_URL);
  const link = await linkTo(`${hostname}:${port}`);
  const url = new URL(engines.env.POSTGRES_URL);
  url.host = link.address;
  const linked = createPostgres(url.href, 2);
  relay = relayTo(temporal, linked);
  const { orderId, position } = await placed();
  await said('The relay waits');
  expect(relay.isFollowing()).toBe(false);
  await link.open();
  await reached(position);
  expect(await runOf(orderId)).toBeDefined();
  await relay.stop();
  await linked.end();
  await link.close();
});

it('goes on when an event store that was cut off is back', async () => {
  const url = new URL(engines.env.EVENTSTORE_URL.replace(/^esdb:/, 'http:'));
  const link = await linkTo(url.host);
  await link.open();
  const linked = createEventStore(`esdb://${link.address}${url.search}`);
  relay = relayTo(temporal, postgres, linked);
  await reached((await placed()).position);
  await link.close();
  await said('The relay waits');
  expect(relay.isFollowing()).toBe(false);
  const { orderId, position } = await placed();
  await link.open();
  await reached(position);
  expect(await runOf(orderId)).toBeDefined();
  await relay.stop();
  await linked.dispose();
  await link.close();
});

it('parks an order of which the orders cannot make sense, and goes on with the others', async () => {
  relay = relayTo(temporal);
  status = 'internal.error';
  const refused = await placed();
  await said('an event was refused; it was parked');
  status = 'PENDING';
  const next = await placed();
  await reached(next.position);
  expect(await runOf(next.orderId)).toBeDefined();
  expect(await parked()).toEqual([{ event_id: refused.eventId, code: 'internal.error' }]);
  await postgres.query('delete from relay_parked');
});

it('parks an order whose start is refused for good, and goes on with the others', async () => {
  relay = relayTo(temporal);
  const refused = await placed('x'.repeat(1_100));
  const next = await placed();
  await reached(next.position);
  expect(await runOf(next.orderId)).toBeDefined();
  expect(await parked()).toEqual([{ event_id: refused.eventId, code: 'INVALID_ARGUMENT' }]);
  expect(logged).toMatchObject([{ eventId: refused.eventId, code: 'INVALID_ARGUMENT' }]);
});

const relayTo = ({ client }: Temporal, tables = postgres, events = eventStore): RunningRelay => {
  const write = (line: string) => logged.push(JSON.parse(line) as (typeof logged)[number]);
  const order = { status, lines: [], total: { amount: 1, currency: 'EUR' }, userId: 'u1' };
  const bus = {
    ask: () =>
      status === 'internal.error'
        ? Promise.reject(new DomainError('internal.error', 'Something went wrong'))
        : Promise.resolve({ ...order, status }),
  };
  return relayOrders(
    { client, bus, openOrders: createOpenOrders(tables), timing: usualTiming },
    { eventStore: events, postgres: tables, log: pino({}, { write }) },
  );
};

const placed = async (orderId: string = randomUUID()) => ({
  orderId,
  ...(await happened(`order-${orderId}`, 'OrderPlaced')),
});

const happened = async (stream: string, type: string, data: object = {}, actor = 'u1') => {
  const [eventId, correlationId] = [randomUUID(), randomUUID()];
  const metadata = {
    ...{ $correlationId: correlationId, $causationId: randomUUID(), commandId: randomUUID(), actor },
    ...{ at: new Date().toISOString(), schemaVersion: 1, traceparent: newTraceparent() },
  };
  const event = { id: eventId, type, data: { userId: 'u1', ...data }, metadata };
  const revision = revisions.get(stream) ?? -1;
  revisions.set(stream, revision + 1);
  const { position } = await eventStore.append(stream, [event], revision < 0 ? 'no_stream' : revision);
  return { eventId, type, correlationId, position, traceparent: metadata.traceparent };
};

/** Waits until the checkpoint is at a position or after it. */
const reached = async ({ commit }: Position): Promise<void> => {
  for (;;) {
    const { rows } = await postgres.query<Position>('select commit, prepare from relay_checkpoints');
    if (rows[0] && rows[0].commit >= commit) return;
    await pause(20);
  }
};

const said = async (message: string): Promise<void> => {
  while (!logged.some(({ msg }) => msg === message)) await pause(20);
};

const startOf = async (orderId: string) => {
  const handle = temporal.client.workflow.getHandle(`order-${orderId}`);
  const { events } = await handle.fetchHistory();
  const payload = events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads?.[0]?.data;
  const input = JSON.parse(Buffer.from(payload ?? []).toString()) as unknown;
  return { workflow: await handle.describe(), input };
};

/** What a workflow was told by signals, in order. */
const newsTo = async (workflowId: string): Promise<unknown[]> => {
  const { events = [] } = await temporal.client.workflow.getHandle(workflowId).fetchHistory();
  return (events ?? [])
    .map((event) => event.workflowExecutionSignaledEventAttributes?.input?.payloads?.[0]?.data)
    .filter((payload) => payload !== undefined)
    .map((payload) => JSON.parse(Buffer.from(payload ?? []).toString()) as unknown);
};

const typeOf = async (workflowId: string) => (await temporal.client.workflow.getHandle(workflowId).describe()).type;

/** Temporal's search comes a little after what it finds. */
const foundBySearch = async (workflowId: string): Promise<void> => {
  while ((await temporal.client.workflow.count(`WorkflowId = '${workflowId}'`)).count === 0) await pause(20);
};

const openOrders = async () => {
  const { rows } = await postgres.query<{ order_id: string }>('select order_id from open_orders');
  return rows.map((row) => row.order_id);
};

const runOf = async (orderId: string): Promise<string> =>
  (await temporal.client.workflow.getHandle(`order-${orderId}`).describe()).runId;

const parked = async () => (await postgres.query('select event_id, code from relay_parked')).rows as unknown[];

/** An address at which nobody listens until it is opened; from then on it leads to `target`. */
const linkTo = async (target: string) => {
  const [host = '', port = ''] = target.split(':');
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    const onward = connect(Number(port), host);
    for (const end of [socket, onward]) end.on('error', () => end.destroy());
    socket.pipe(onward).pipe(socket);
    sockets.add(socket).add(onward);
  });
  const reserved = createServer().listen(0, '127.0.0.1');
  await once(reserved, 'listening');
  const { port: ownPort } = reserved.address() as AddressInfo;
  reserved.close();
  await once(reserved, 'close');
  return {
    address: `127.0.0.1:${ownPort}`,
    open: async () => {
      server.listen(ownPort, '127.0.0.1');
      await once(server, 'listening');
    },
    close: async () => {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, 'close');
    },
  };
};
