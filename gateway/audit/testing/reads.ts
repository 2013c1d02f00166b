import { text } from 'node:stream/consumers';
import { v4 as randomId } from 'uuid';
import type { NewEvent, Position, StreamEvent } from '../../../infra/event-store/stored-event.js';
import { message, newProduct } from '../../../infra/service-bus/testing/services.js';
import { newTraceparent } from '../../../infra/telemetry/tracing.js';
import { callAt } from '../../http/testing/client.js';
import { auditor, openLines, type AuditDesk } from './audit-desk.js';

export const as = `${auditor}:auditor`;

/** Tests only: what an auditor reads at a path, all being well. */
export const readAt = async (url: string, path: string) => {
  const answer = await callAt(url, 'GET', path, { as });
  expect({ path, status: answer.status, code: answer.body['code'] }).toMatchObject({ status: 200 });
  return answer.body;
};

/** Tests only: the lines of events that are asked for, all of them. */
export const linesAt = async (url: string, query: string) => {
  const answer = await openLines(`${url}/events${query}`);
  expect(answer.statusCode).toBe(200);
  expect(answer.headers['content-type']).toBe('application/x-ndjson');
  const all = (await text(answer)).split('\n');
  expect(all.pop()).toBe('');
  return all.map(
    (line) => JSON.parse(line) as Readonly<{ position: string; stream: string; type: string; created: string }>,
  );
};

/** Tests only: the events of a stream. */
export const eventsOf = async ({ eventStore }: Pick<AuditDesk, 'eventStore'>, stream: string) => {
  const events: StreamEvent[] = [];
  for await (const event of eventStore.readStream(stream)) events.push(event);
  return events;
};

/** Tests only: an event as the platform stores them. */
export const newEvent = (type: string, data: object, metadata: object = {}): NewEvent => ({
  ...{ id: randomId(), type, data: { ...data } },
  metadata: {
    ...{ $correlationId: randomId(), $causationId: randomId(), commandId: randomId(), actor: '(saga)' },
    ...{ at: new Date().toISOString(), schemaVersion: 1, traceparent: newTraceparent(), ...metadata },
  },
});

/** Tests only: a product with a stock that was counted, received and taken from. */
export type Counted = Readonly<{
  stock: string;
  /** Of all but the last of its events, and those of the product. */
  correlationId: string;
  /** The position before it. */
  start: Position | null;
}>;

export const countStock = async (
  { eventStore, bus }: AuditDesk,
  correlationId: string = randomId(),
): Promise<Counted> => {
  const start = await eventStore.head();
  const product = newProduct();
  const { productId } = product;
  const send = (context: string, type: string, data: object, over: object = { correlationId }) =>
    bus.send(context, message(type, data, over));
  await send('catalog', 'AddProduct', product);
  for (const quantity of [5, 7, 2]) await send('inventory', 'ReceiveStock', { productId, quantity, reference: null });
  await send('inventory', 'AdjustStock', { productId, delta: -3, reason: 'broken' }, {});
  return { stock: `stock-${productId}`, correlationId, start };
};
