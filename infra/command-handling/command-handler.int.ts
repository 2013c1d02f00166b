import { v4 as randomId } from 'uuid';
import { startEngines, type EnginesForTests } from '../engines/testing/engines-for-tests.js';
import { createPostgres, type Postgres } from '../postgres/postgres.js';
import { eventsOf, facts, startProcessOfTests, type ProcessOfTests } from './testing/process-of-tests.js';
import { add, reach } from './testing/tally.js';

let engines: EnginesForTests;
let postgres: Postgres;
let one: ProcessOfTests;
let other: ProcessOfTests;

beforeAll(async () => {
  engines = await startEngines(['event-store', 'postgres']);
  postgres = createPostgres(engines.env.POSTGRES_URL);
  one = startProcessOfTests(engines.env.EVENTSTORE_URL, postgres);
  other = startProcessOfTests(engines.env.EVENTSTORE_URL, postgres);
});

afterAll(async () => {
  await Promise.all([one.dispose(), other.dispose()]);
  await postgres.end();
  await engines.stop();
});

const coded = (code: string) => expect.objectContaining({ code }) as Error;
const total = (value: number): unknown =>
  expect.objectContaining({ state: expect.objectContaining({ total: value }) as unknown });

describe('a command', () => {
  it('gives every event its metadata', async () => {
    const id = randomId();
    const command = facts({ requestHash: 'h1', causationId: 'c1' });
    await one.handler.handle(add(id, 1), command);
    const [event] = await eventsOf(one.eventStore, `tally-${id}`);
    const { correlationId, commandId, actor, at, requestHash, traceparent } = command;
    const expected = { $correlationId: correlationId, $causationId: 'c1', commandId, actor, at, requestHash };
    expect(event?.metadata).toEqual({ ...expected, traceparent, schemaVersion: 2 });
  });

  it('shows deciders no personal field, neither when it was written here nor when it was read', async () => {
    const id = randomId();
    await one.handler.handle(add(id, 1, 'a secret'), facts());
    expect(one.aggregates.known(add(id, 1).aggregate, id)?.state).toEqual({ total: 1, notes: [null] });
    expect((await other.aggregates.current(add(id, 1).aggregate, id)).state).toEqual({ total: 1, notes: [null] });
    expect(await other.aggregates.opened(add(id, 1).aggregate, id)).toEqual({ total: 1, notes: ['a secret'] });
  });

  it('is decided on what is known, without a read', async () => {
    const id = randomId();
    await one.handler.handle(add(id, 1), facts());
    one.reads();
    await one.handler.handle(add(id, 2), facts());
    expect(one.reads()).toEqual([]);
  });

  it('is appended without a read to a stream that was never heard of, where its id is new', async () => {
    const id = randomId();
    await one.handler.handle(add(id, 1), facts({ isNew: true }));
    expect(one.reads()).toEqual([]);
    expect(await other.handler.handle(add(id, 2), facts({ isNew: true }))).toEqual(total(3));
  });

  it('is decided anew where another process was faster', async () => {
    const id = randomId();
    await one.handler.handle(add(id, 1), facts());
    await other.handler.handle(add(id, 10), facts());
    expect(await one.handler.handle(add(id, 100), facts())).toEqual(total(111));
  });

  it('is refused only on what was read just now', async () => {
    const id = randomId();
    await one.handler.handle(add(id, 5), facts());
    await other.handler.handle(add(id, 5), facts());
    // This process knows of 5: to reach 7 would append, but to reach 5 would repeat what is so.
    await expect(one.handler.handle(reach(id, 5), facts())).rejects.toEqual(coded('stock.out_of_stock'));
  });

  it('repeats what is so only on what was read just now', async () => {
    const id = randomId();
    await one.handler.handle(add(id, 5), facts());
    await other.handler.handle(add(id, 5), facts());
    one.reads();
    expect(await one.handler.handle(reach(id, 10), facts())).toMatchObject({ revision: 1, state: { total: 10 } });
    expect(one.reads()).toEqual([1]);
  });

  it('keeps its order and loses nothing when many come at once, in two processes', async () => {
    const id = randomId();
    const sent = Array.from({ length: 60 }, (_, index) =>
      (index % 2 ? one : other).handler.handle(add(id, 1), facts()).catch((error: unknown) => error),
    );
    const refused = (await Promise.all(sent)).filter((outcome) => outcome instanceof Error);
    // Two queues meet at one stream: whoever lost each time is told, and has changed nothing.
    for (const error of refused) expect(error).toEqual(coded('command.conflict'));
    expect(await eventsOf(one.eventStore, `tally-${id}`)).toHaveLength(60 - refused.length);
  });
});
