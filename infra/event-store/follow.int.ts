import { v4 as randomId } from 'uuid';
import { startEngines, type EnginesForTests } from '../engines/testing/engines-for-tests.js';
import { newTraceparent } from '../telemetry/tracing.js';
import { createEventStore, type EventStore } from './event-store.js';
import type { NewEvent, Position } from './stored-event.js';

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

const event = (type: string, number = 0): NewEvent => ({
  id: randomId(),
  type,
  data: { number },
  metadata: {
    ...{ $correlationId: randomId(), $causationId: randomId(), commandId: randomId(), actor: '(test)' },
    ...{ at: new Date().toISOString(), schemaVersion: 1, traceparent: newTraceparent() },
  },
});
const append = (category: string, ...events: readonly NewEvent[]) =>
  eventStore.append(`${category}-${randomId()}`, events, 'no_stream');
const many = (type: string, count: number) => Array.from({ length: count }, (_, number) => event(type, number));

describe('following a few types', () => {
  it('gives their events of the categories, and says how far it has looked for others', async () => {
    const after = await eventStore.head();
    await append('tally', event('Wanted', 1), event('Other'), event('WantedNot'));
    await append('elsewhere', event('Wanted'));
    await append('tally', event('Wanted', 2));
    const stop = new AbortController();
    const passed: Position[] = [];
    let tellPassed: () => void = () => undefined;
    const hasPassed = new Promise<void>((resolve) => (tellPassed = resolve));
    const passedBy = (position: Position) => {
      passed.push(position);
      tellPassed();
    };
    const options = { after, most: 10, types: ['Wanted'], passedBy, signal: stop.signal };
    const found: unknown[] = [];
    const following = (async () => {
      for await (const batch of eventStore.follow(['tally'], options)) {
        found.push(...batch.map(({ data }) => data['number']));
        if (found.includes(3)) stop.abort();
      }
    })();
    await append('tally', ...many('Other', 200));
    await hasPassed;
    const head = await eventStore.head();
    for (const { commit } of passed) expect(commit).toBeLessThanOrEqual(head?.commit ?? 0n);
    await append('tally', event('Wanted', 3));
    await following;
    expect(found).toEqual([1, 2, 3]);
  });

  it('passes nothing by that is yet to be taken', async () => {
    const after = await eventStore.head();
    const wanted: bigint[] = [];
    for (let round = 0; round < 20; round += 1) {
      const { position } = await append('tally', event('Wanted', round));
      wanted.push(position.commit);
      await append('tally', ...many('Other', 40));
    }
    const stop = new AbortController();
    let taken = 0;
    const overtaken: bigint[] = [];
    const passedBy = ({ commit }: Position) => {
      overtaken.push(...wanted.slice(taken).filter((position) => position <= commit));
    };
    const options = { after, most: 3, types: ['Wanted'], passedBy, signal: stop.signal };
    for await (const batch of eventStore.follow(['tally'], options)) {
      await eventStore.head();
      taken += batch.length;
      if (taken === wanted.length) stop.abort();
    }
    expect(overtaken).toEqual([]);
  });
});
