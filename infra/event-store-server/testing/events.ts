import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  binaryEvent,
  jsonEvent,
  type AllStreamSubscription,
  type EventStoreDBClient,
  type Position,
  type ReadAllOptions,
  type ResolvedEvent,
  type StreamSubscription,
} from '@eventstore/db-client';

/** Events of type `Counted` with the numbers from `first` on. */
export const counted = (count: number, first = 0) =>
  Array.from({ length: count }, (_, index) => jsonEvent({ type: 'Counted', data: { number: first + index } }));

export const numbersOf = (events: readonly ResolvedEvent[]) =>
  events.map(({ event }) => (event?.data as { number: number }).number);

export const collect = async (events: AsyncIterable<ResolvedEvent>): Promise<ResolvedEvent[]> => {
  const all: ResolvedEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
};

/** The next events of a subscription. Leaves it open. */
export const take = (events: NodeJS.EventEmitter, count: number): Promise<ResolvedEvent[]> =>
  new Promise((resolve, reject) => {
    const taken: ResolvedEvent[] = [];
    const onData = (event: ResolvedEvent) => {
      taken.push(event);
      if (taken.length < count) return;
      events.off('data', onData);
      resolve(taken);
    };
    events.on('data', onData);
    events.once('error', reject);
  });

/** The client sends an append with credentials over `Append`, any other over `BatchAppend`. */
export const waysToAppend = [
  ['Append', { credentials: { username: 'u', password: 'p' } }],
  ['BatchAppend', {}],
] as const;

export const newStream = (category = 'contract') => `${category}-${randomUUID()}`;

export const numbersFrom = (first: number, count: number) => Array.from({ length: count }, (_, index) => first + index);

export const linkTo = (target: string) => binaryEvent({ type: '$>', data: Buffer.from(target) });

/** What a call fails with. @throws Error when it does not fail. */
export const refusalOf = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => Promise.reject(new Error('The call was not refused')),
    (error: unknown) => error,
  );

type Subscription = AllStreamSubscription | StreamSubscription;

export const failureOf = (subscription: Subscription): Promise<unknown> =>
  new Promise((resolve) => subscription.once('error', resolve));

/** What a subscription gives before it says that it has caught up. Leaves it open. */
export const untilCaughtUp = async (subscription: Subscription): Promise<readonly ResolvedEvent[]> => {
  const events: ResolvedEvent[] = [];
  const keep = (event: ResolvedEvent) => events.push(event);
  subscription.on('data', keep);
  await once(subscription, 'caughtUp');
  // What came before `caughtUp` may still wait in the subscription's buffer.
  await nextTurn();
  subscription.off('data', keep);
  return events;
};

/** The events of $all that lie in these streams. */
export const readAllOf = async (client: EventStoreDBClient, streams: readonly string[], options: ReadAllOptions) =>
  (await collect(client.readAll(options))).filter((event) => streams.includes(streamOf(event)));

export const streamOf = ({ link, event }: ResolvedEvent) => (link ?? event)?.streamId ?? '';

/** The position of an event that was read from $all: other reads do not give one. */
export const positionOf = ({ link, event }: ResolvedEvent) => (link ?? event)?.position as Position;

export const isAfter = (one: Position, other: Position) =>
  one.commit > other.commit || (one.commit === other.commit && one.prepare > other.prepare);

/** Whether each position lies after the one before it. */
export const rise = (positions: readonly Position[]) =>
  positions.every((position, index) => index === 0 || isAfter(position, positions[index - 1] as Position));
