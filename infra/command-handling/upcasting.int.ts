import { v4 as randomId } from 'uuid';
import { startEngines, type EnginesForTests } from '../engines/testing/engines-for-tests.js';
import { createPostgres, type Postgres } from '../postgres/postgres.js';
import { facts, startProcessOfTests, type ProcessOfTests } from './testing/process-of-tests.js';
import { add } from './testing/tally.js';

let engines: EnginesForTests;
let postgres: Postgres;
let one: ProcessOfTests;

beforeAll(async () => {
  engines = await startEngines(['event-store', 'postgres']);
  postgres = createPostgres(engines.env.POSTGRES_URL);
  one = startProcessOfTests(engines.env.EVENTSTORE_URL, postgres);
});

afterAll(async () => {
  await one.dispose();
  await postgres.end();
  await engines.stop();
});

/** An event as an earlier version of the code stored it. */
const storeOld = async (streamId: string, schemaVersion: number, data: Readonly<Record<string, unknown>>) => {
  const { at, commandId, correlationId, actor, traceparent } = facts();
  const metadata = { $correlationId: correlationId, $causationId: commandId, commandId, actor, at, traceparent };
  const event = { id: randomId(), type: 'Added', data, metadata: { ...metadata, schemaVersion } };
  await one.eventStore.append(streamId, [event], 'no_stream');
};

describe('a stream of an earlier version', () => {
  it('is decided on as if it were of the present', async () => {
    const id = randomId();
    await storeOld(`tally-${id}`, 1, { number: 40 });
    expect(await one.handler.handle(add(id, 2), facts())).toMatchObject({ revision: 1, state: { total: 42 } });
  });

  it('is not guessed at when it is of a version to come', async () => {
    const id = randomId();
    await storeOld(`tally-${id}`, 3, { sum: 40 });
    await expect(one.handler.handle(add(id, 2), facts())).rejects.toThrow('knows versions up to 2');
  });
});
