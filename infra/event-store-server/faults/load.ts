import { randomUUID } from 'node:crypto';
import {
  jsonEvent,
  type AllStreamResolvedEvent,
  type AppendExpectedRevision,
  type AppendResult,
  type EventStoreDBClient,
  type JSONEventType,
  type Position,
  type ResolvedEvent,
} from '@eventstore/db-client';
import type { Journal, Place, Seen } from './journal.js';
import type { Random } from './random.js';

/** Some appends have as many events as `largest` says, of as many bytes as `filling` says. */
export type Load = Readonly<{
  client: EventStoreDBClient;
  journal: Journal;
  random: Random;
  largest: number;
  filling: number;
}>;

/** Does changes until it is told that the server is gone. Each settles before the next one is asked for. */
type Writer = (load: Load, name: string, isGone: () => boolean) => Promise<void>;

/**
 * Puts writers and readers to work until the server is gone. `onAnswer` hears where each change lies that was acknowledged.
 *
 * @throws Error when the server refuses what it must not refuse.
 */
export const work = async (load: Load, isGone: () => boolean, onAnswer: (position: number) => void): Promise<void> => {
  const counted: Load = {
    ...load,
    journal: {
      ...load.journal,
      ask: (change) => {
        const answer = load.journal.ask(change);
        return (place) => {
          answer(place);
          onAnswer(place.position);
        };
      },
    },
  };
  const run = randomUUID().slice(0, 8);
  const writers = [anyRevision, anyRevision, exactRevision, exactRevision, exactRevision, sharedStream, sharedStream];
  const all = [...writers, ending, ending].map((writer, index) => writer(counted, `${run}-${index}`, isGone));
  const subscriptions = [watchAll(load), watchStream(load, `shared`)];
  const outcomes = await Promise.allSettled(all);
  for (const subscription of subscriptions) await subscription.unsubscribe().catch(() => undefined);
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
};

const anyRevision: Writer = async (load, name, isGone) => {
  while (!isGone()) await append(load, `any-${name}`, 'any', isGone);
};

const sharedStream: Writer = async (load, _name, isGone) => {
  while (!isGone()) await append(load, 'shared', 'any', isGone);
};

const exactRevision: Writer = async (load, name, isGone) => {
  let expected: AppendExpectedRevision = 'no_stream';
  while (!isGone()) {
    const result = await append(load, `exact-${name}`, expected, isGone);
    if (result) expected = result.nextExpectedRevision;
  }
};

/** Streams that get metadata, and an end for now or for ever. */
const ending: Writer = async (load, name, isGone) => {
  const { client, journal } = load;
  for (let count = 0; !isGone(); count += 1) {
    const stream = `ending-${name}-${count}`;
    await append(load, stream, 'no_stream', isGone);
    const noteMetadata = journal.ask({ stream: `$$${stream}`, type: '$metadata' });
    await unlessGone(client.setStreamMetadata(stream, { maxCount: 10 }), isGone, (result) =>
      noteMetadata(placeOf(result)),
    );
    const isForEver = load.random.between(0, 1) === 1;
    const note = journal.ask(
      isForEver ? { stream, type: '$streamDeleted' } : { stream: `$$${stream}`, type: '$metadata' },
    );
    const end = isForEver ? client.tombstoneStream(stream) : client.deleteStream(stream);
    await unlessGone(end, isGone, ({ position }) => note({ position: numberOf(position), revision: undefined }));
  }
};

const append = async (
  { client, journal, random, largest, filling }: Load,
  stream: string,
  expectedRevision: AppendExpectedRevision,
  isGone: () => boolean,
) => {
  const count = random.between(1, random.between(0, 3) === 0 ? largest : 5);
  const events = Array.from({ length: count }, (_, number) =>
    jsonEvent<JSONEventType<'Counted', { number: number; filling: string }>>({
      id: randomUUID(),
      type: 'Counted',
      data: { number, filling: 'x'.repeat(random.between(0, filling)) },
    }),
  );
  const note = journal.ask({ stream, ids: events.map(({ id }) => id) });
  return unlessGone(client.appendToStream(stream, events, { expectedRevision }), isGone, (result) =>
    note(placeOf(result)),
  );
};

/** A call that fails because the server is gone may have been done, or not. */
const unlessGone = async <Result>(call: Promise<Result>, isGone: () => boolean, note: (result: Result) => void) => {
  try {
    const result = await call;
    note(result);
    return result;
  } catch (error) {
    if (!isGone()) throw error;
    return undefined;
  }
};

const placeOf = ({ nextExpectedRevision, position }: AppendResult): Place => ({
  position: numberOf(position),
  revision: nextExpectedRevision,
});

const numberOf = (position: Position | undefined) => Number(position?.commit ?? Number.NaN);

const watchAll = ({ client, journal }: Load) =>
  client
    .subscribeToAll({ fromPosition: 'end' })
    .on('data', (event: AllStreamResolvedEvent) => journal.see(seenOf(event)))
    .on('error', () => undefined);

const watchStream = ({ client, journal }: Load, stream: string) =>
  client
    .subscribeToStream(stream, { fromRevision: 'end' })
    .on('data', (event: ResolvedEvent) => journal.see(seenOf(event)))
    .on('error', () => undefined);

/** @throws Error when there is no event. */
export const seenOf = ({ event, commitPosition }: ResolvedEvent): Seen => {
  if (!event) throw new Error('A reader got nothing');
  const { streamId: stream, revision, id, type } = event;
  return { position: Number(commitPosition), stream, revision, id, type };
};
