import { setImmediate as nextTurn } from 'node:timers/promises';
import { v4 as randomId } from 'uuid';
import { startEngines, type EnginesForTests } from '../engines/testing/engines-for-tests.js';
import type { EventStore } from '../event-store/event-store.js';
import { createPostgres, type Postgres } from '../postgres/postgres.js';
import { createReadFence } from './read-fence.js';
import { facts, startProcessOfTests, type ProcessOfTests } from './testing/process-of-tests.js';
import { add, tally } from './testing/tally.js';

let engines: EnginesForTests;
let postgres: Postgres;
let asked: ProcessOfTests;
let other: ProcessOfTests;

beforeAll(async () => {
  engines = await startEngines(['event-store', 'postgres']);
  postgres = createPostgres(engines.env.POSTGRES_URL);
  asked = startProcessOfTests(engines.env.EVENTSTORE_URL, postgres);
  other = startProcessOfTests(engines.env.EVENTSTORE_URL, postgres);
});

afterAll(async () => {
  await Promise.all([asked.dispose(), other.dispose()]);
  await postgres.end();
  await engines.stop();
});

const fenceOf = ({ aggregates } = asked) => {
  const looks: number[] = [];
  const readAllAfter: EventStore['readAllAfter'] = (...given) => {
    looks.push(looks.length);
    return asked.eventStore.readAllAfter(...given);
  };
  const eventStore = { head: asked.eventStore.head, readAllAfter };
  return { fence: createReadFence({ eventStore, categories: ['tally'], aggregates }), looks };
};
/** Holds up the first that comes, until it is opened. */
const createGate = () => {
  let open: () => void = () => undefined;
  let reach: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  const reached = new Promise<void>((resolve) => (reach = resolve));
  const pass = () => {
    reach();
    return opened;
  };
  return { pass, reached, open: () => open() };
};

const totalKnown = (id: string) => (asked.aggregates.known(tally, id)?.state as { total: number } | undefined)?.total;

describe('a fence', () => {
  it('shows what another process wrote before it was passed, without reading the stream', async () => {
    const id = randomId();
    const { fence } = fenceOf();
    await fence.begin();
    await asked.handler.handle(add(id, 1), facts());
    await fence.pass();
    await other.handler.handle(add(id, 10), facts());
    await other.handler.handle(add(id, 100), facts());
    asked.reads();
    await fence.pass();
    expect(totalKnown(id)).toBe(111);
    expect(asked.reads()).toEqual([]);
  });

  it('is passed by many with few looks', async () => {
    const { fence, looks } = fenceOf();
    await Promise.all(Array.from({ length: 100 }, () => fence.pass()));
    expect(looks).toHaveLength(1);
    await Promise.all([fence.pass(), fence.pass()]);
    expect(looks).toHaveLength(2);
  });

  it('is looked through anew for whoever comes while a look is under way', async () => {
    const { fence, looks } = fenceOf();
    await fence.begin();
    const first = fence.pass();
    while (looks.length === 0) await nextTurn();
    const second = fence.pass();
    await Promise.all([first, second]);
    expect(looks).toHaveLength(2);
  });

  it('reads on where it left off, however much has come', async () => {
    const noted: number[] = [];
    const fence = createReadFence({
      eventStore: asked.eventStore,
      categories: ['tally'],
      aggregates: { note: ({ revision }) => noted.push(revision), forget: () => noted.push(-1) },
      most: 3,
    });
    await fence.begin();
    const id = randomId();
    for (let count = 0; count < 7; count += 1) await other.handler.handle(add(id, 1), facts());
    await fence.pass();
    await fence.pass();
    expect(noted).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });

  it('forgets a stream of which it missed an event', async () => {
    const id = randomId();
    await asked.handler.handle(add(id, 1), facts());
    await other.handler.handle(add(id, 10), facts());
    const { fence } = fenceOf();
    await fence.begin();
    await other.handler.handle(add(id, 100), facts());
    await fence.pass();
    expect(totalKnown(id)).toBeUndefined();
    expect((await asked.aggregates.current(tally, id)).state).toMatchObject({ total: 111 });
  });

  it('forgets what it knows where too much has come to read it all', async () => {
    const id = randomId();
    await asked.handler.handle(add(id, 1), facts());
    const { aggregates } = asked;
    const fence = createReadFence({ eventStore: asked.eventStore, categories: ['tally'], aggregates, most: 3 });
    await fence.begin();
    for (let count = 0; count < 40; count += 1) await other.handler.handle(add(id, 1), facts());
    await fence.pass();
    expect(totalKnown(id)).toBeUndefined();
    expect((await aggregates.current(tally, id)).state).toMatchObject({ total: 41 });
    await other.handler.handle(add(id, 1), facts());
    await fence.pass();
    expect(totalKnown(id)).toBe(42);
  });

  it('is not overtaken by a read that began before a look and ended after it', async () => {
    const id = randomId();
    await other.handler.handle(add(id, 1), facts());
    const gate = createGate();
    const slow = startProcessOfTests(engines.env.EVENTSTORE_URL, postgres, gate.pass);
    const { fence } = fenceOf(slow);
    await fence.begin();
    const reading = slow.aggregates.current(tally, id);
    await gate.reached;
    await other.handler.handle(add(id, 10), facts());
    await fence.pass();
    gate.open();
    expect((await reading).state).toMatchObject({ total: 1 });
    await fence.pass();
    expect(slow.aggregates.known(tally, id)).toBeUndefined();
    expect((await slow.aggregates.current(tally, id)).state).toMatchObject({ total: 11 });
    await slow.dispose();
  });

  it('is not passed while the store is away, and passed once it is there', async () => {
    let isAway = true;
    const readAllAfter: EventStore['readAllAfter'] = (...given) =>
      isAway ? Promise.reject(new Error('away')) : asked.eventStore.readAllAfter(...given);
    const fence = createReadFence({
      eventStore: { head: asked.eventStore.head, readAllAfter },
      categories: ['tally'],
      aggregates: asked.aggregates,
    });
    await expect(fence.pass()).rejects.toThrow('away');
    isAway = false;
    await fence.pass();
  });
});
