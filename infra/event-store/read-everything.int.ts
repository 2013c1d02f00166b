import { v4 as randomId } from 'uuid';
import { startEngines, type EnginesForTests } from '../engines/testing/engines-for-tests.js';
import { createEventStore, type EventStore } from './event-store.js';
import type { NewEvent, StoredEvent } from './stored-event.js';

let engines: EnginesForTests;
let eventStore: EventStore;

beforeAll(async () => {
  engines = await startEngines(['event-store']);
});
beforeEach(() => {
  eventStore = createEventStore(engines.env.EVENTSTORE_URL);
});
afterAll(() => engines.stop());

const event = (number: number): NewEvent => ({
  ...{ id: randomId(), type: 'Counted', data: { number, text: 'x'.repeat(200) } },
  metadata: {
    ...{ $correlationId: 'c', $causationId: 'c', commandId: 'c', actor: '(test)' },
    ...{ at: new Date().toISOString(), schemaVersion: 1, traceparent: '' },
  },
});
const append = (from: number, count: number) =>
  eventStore.append(
    `tally-${from}`,
    Array.from({ length: count }, (_, index) => event(from + index)),
    'no_stream',
  );
const few = 200;
const many = 3_000;

describe('reading all', () => {
  it('leaves nothing behind where it is left when all has come that was not taken', async () => {
    await append(0, few);
    for await (const batch of eventStore.readEverything(10)) {
      expect(batch).toHaveLength(10);
      // Whatever the store has to send is here before this answer.
      await eventStore.head();
      break;
    }
    // It waits for the calls that are open.
    await expect(eventStore.dispose()).resolves.toBeUndefined();
  });

  it('gives every event in its order, in batches', async () => {
    for (let from = few; from < many; from += 400) await append(from, 400);
    const batches: (readonly StoredEvent[])[] = [];
    for await (const batch of eventStore.readEverything(700)) batches.push(batch);
    expect(Math.max(...batches.map(({ length }) => length))).toBe(700);
    const numbers = batches.flat().map(({ data }) => data['number']);
    expect(numbers).toEqual(Array.from({ length: many }, (_, number) => number));
    await eventStore.dispose();
  });

  it('leaves nothing behind where it is left while its end is on its way', async () => {
    for (let time = 0; time < 10; time += 1) {
      let read = 0;
      for await (const batch of eventStore.readEverything(100)) {
        read += batch.length;
        if (read === many) break;
      }
    }
    await expect(eventStore.dispose()).resolves.toBeUndefined();
  });

  it('fails while the store is away', async () => {
    await eventStore.dispose();
    eventStore = createEventStore('esdb://127.0.0.1:1?tls=false&maxDiscoverAttempts=1');
    await expect(eventStore.readEverything(1)[Symbol.asyncIterator]().next()).rejects.toMatchObject({
      code: 'service.unavailable',
    });
    await eventStore.dispose();
  });
});
