import { EventStoreDBClient, jsonEvent } from '@eventstore/db-client';
import { v4 as randomId } from 'uuid';
import { startEngines, type EnginesForTests } from '../engines/testing/engines-for-tests.js';
import { newTraceparent } from '../telemetry/tracing.js';
import { createEventStore, type EventStore } from './event-store.js';
import type { AllPart } from './read-all.js';
import type { NewEvent, Position, StoredEvent, StreamEvent } from './stored-event.js';

let engines: EnginesForTests;
let eventStore: EventStore;

beforeAll(async () => {
  engines = await startEngines(['event-store']);
  eventStore = createEventStore(engines.env.EVENTSTORE_URL);
});
afterAll(async () => {
  await eventStore.dispose();
  await engines.stop();
});

const event = (type: string, number: number, text = ''): NewEvent => ({
  id: randomId(),
  type,
  data: { number, text },
  metadata: {
    ...{ $correlationId: randomId(), $causationId: randomId(), commandId: randomId(), actor: '(test)' },
    ...{ at: new Date().toISOString(), schemaVersion: 1, traceparent: newTraceparent() },
  },
});
const many = (type: string, count: number, text?: string) =>
  Array.from({ length: count }, (_, number) => event(type, number, text));
const append = (category: string, events: readonly NewEvent[]) =>
  eventStore.append(`${category}-${randomId()}`, events, 'no_stream');

const readAll = async (part: AllPart): Promise<readonly StoredEvent[]> => {
  const events: StoredEvent[] = [];
  for await (const batch of eventStore.readAll(part)) events.push(...batch);
  return events;
};
const names = (events: readonly StoredEvent[]) =>
  events.map(({ category, type, data }) => `${category} ${type} ${String(data['number'])}`);

describe('reading everything', () => {
  let after: Position | null;
  beforeEach(async () => {
    after = await eventStore.head();
    await append('wine', [event('Poured', 0), event('Drunk', 1)]);
    await append('winery', [event('Poured', 2), event('PouredOut', 3)]);
    await append('wine', [event('Poured', 4)]);
  });

  it('comes to its end also where that is reached while a batch is dealt with', async () => {
    for (let round = 0; round < 20; round += 1) {
      const events: StoredEvent[] = [];
      for await (const batch of eventStore.readAll({ after })) {
        events.push(...batch);
        await eventStore.head();
      }
      expect(events).toHaveLength(5);
    }
  });

  it.each([
    ['of all', {}, ['wine Poured 0', 'wine Drunk 1', 'winery Poured 2', 'winery PouredOut 3', 'wine Poured 4']],
    ['of a category', { category: 'wine' }, ['wine Poured 0', 'wine Drunk 1', 'wine Poured 4']],
    ['of a type', { type: 'Poured' }, ['wine Poured 0', 'winery Poured 2', 'wine Poured 4']],
    ['of both', { category: 'winery', type: 'Poured' }, ['winery Poured 2']],
    ['of none', { category: 'wine', type: 'PouredOut' }, []],
  ])('gives what was appended after a position: %s', async (_, wanted, expected) => {
    expect(names(await readAll({ after, ...wanted }))).toEqual(expected);
  });

  it('goes on after any of them', async () => {
    const events = await readAll({ after });
    for (const [index, { position }] of events.entries())
      expect(await readAll({ after: position })).toEqual(events.slice(index + 1));
  });

  it('leaves out the streams of the store itself, and stands what others have written without metadata', async () => {
    const client = EventStoreDBClient.connectionString(engines.env.EVENTSTORE_URL);
    const stream = `wine-${randomId()}`;
    await client.setStreamMetadata(stream, { maxAge: 1_000_000 });
    await client.appendToStream(stream, jsonEvent({ type: 'Poured', data: { number: 5 } }));
    await client.dispose();
    for (const part of [{}, { type: 'Poured' }, { category: 'wine' }]) {
      const last = (await readAll({ after, ...part })).at(-1);
      expect(last).toMatchObject({ type: 'Poured', data: { number: 5 }, metadata: {} });
    }
    expect((await readAll({ after })).map(({ streamId }) => streamId[0])).not.toContain('$');
  });

  it.each([
    ['of all', {}],
    ['of a category', { category: 'wine' }],
  ])('ends at what was the end when it was asked: %s', async (_, wanted) => {
    const events: StoredEvent[] = [];
    for await (const batch of eventStore.readAll({ after, ...wanted })) {
      await append('wine', [event('Poured', 6)]);
      events.push(...batch);
    }
    expect(names(events)).not.toContain('wine Poured 6');
    expect(events.at(-1)?.data).toMatchObject({ number: 4 });
  });

  it('says that it has looked on where it finds nothing', async () => {
    for (let round = 0; round < 5; round += 1) await append('wine', many('Poured', 1_000));
    let batches = 0;
    for await (const batch of eventStore.readAll({ after, type: 'Uncorked' })) {
      expect(batch).toEqual([]);
      batches += 1;
    }
    expect(batches).toBeGreaterThan(2);
  });

  it.each([
    ['of all', {}],
    ['of a category', { category: 'cellar' }],
  ])('takes no more from the store than is dealt with, and what is left ends the call: %s', async (_, wanted) => {
    for (let round = 0; round < 40; round += 1) await append('cellar', many('Filled', 50, 'x'.repeat(10_000)));
    const reader = createEventStore(engines.env.EVENTSTORE_URL);
    const before = await answersOfStore();
    let held = 0;
    for await (const batch of reader.readAll({ after, ...wanted })) {
      held += batch.length;
      if (held > 0) break;
    }
    // It ends only when no call is left.
    await reader.dispose();
    expect(held).toBeLessThan(1_000);
    expect((await answersOfStore()) - before).toBeLessThan(1_500);
  });
});

/** How many events the store has sent to whoever reads. */
const answersOfStore = async (): Promise<number> => {
  const { host } = new URL(engines.env.EVENTSTORE_URL.replace('esdb:', 'http:'));
  const metrics = await (await fetch(`http://${host}/metrics`)).text();
  return Number(/^\S*answers\S* (\d+)$/m.exec(metrics)?.[1] ?? Number.NaN);
};

it('a stream that is left before its end keeps no call, also where all of it has come', async () => {
  const streamId = `wine-${randomId()}`;
  // More than the buffers of one stage hold, less than those of all together.
  await eventStore.append(streamId, many('Poured', 40), 'no_stream');
  const reader = createEventStore(engines.env.EVENTSTORE_URL);
  const read: number[] = [];
  for (let round = 0; round < 10; round += 1)
    for await (const { revision } of reader.readStream(streamId)) {
      for (let turn = 0; turn < 5; turn += 1) await eventStore.head();
      read.push(revision);
      break;
    }
  // It ends only when no call is left.
  await reader.dispose();
  expect(read).toEqual(Array.from({ length: 10 }, () => 0));
});

describe('a stream backwards', () => {
  const revisionsOf = async (streamId: string, part: Parameters<EventStore['readStream']>[1]) => {
    const events: StreamEvent[] = [];
    for await (const read of eventStore.readStream(streamId, part)) events.push(read);
    return events.map(({ revision }) => revision);
  };

  it('is read from its end, from a revision, or from beyond its end', async () => {
    const streamId = `wine-${randomId()}`;
    await eventStore.append(streamId, many('Poured', 5), 'no_stream');
    const direction = 'backwards';
    expect(await revisionsOf(streamId, { direction })).toEqual([4, 3, 2, 1, 0]);
    expect(await revisionsOf(streamId, { direction, from: 3, most: 2 })).toEqual([3, 2]);
    expect(await revisionsOf(streamId, { direction, from: 9, most: 2 })).toEqual([4, 3]);
    expect(await revisionsOf(`wine-${randomId()}`, { direction })).toEqual([]);
  });
});
