import { v4 as randomId } from 'uuid';
import { startEngines, type EnginesForTests } from '../engines/testing/engines-for-tests.js';
import { createPostgres, type Postgres } from '../postgres/postgres.js';
import { eventsOf, facts, startProcessOfTests, type ProcessOfTests } from './testing/process-of-tests.js';
import { add, tally } from './testing/tally.js';

let engines: EnginesForTests;
let postgres: Postgres;
let processes: readonly ProcessOfTests[];
const start = () => startProcessOfTests(engines.env.EVENTSTORE_URL, postgres);

beforeAll(async () => {
  engines = await startEngines(['event-store', 'postgres']);
  postgres = createPostgres(engines.env.POSTGRES_URL);
  processes = [start(), start()];
});

afterAll(async () => {
  await Promise.all(processes.map((each) => each.dispose()));
  await postgres.end();
  await engines.stop();
});

const [first, second] = [() => processes[0] as ProcessOfTests, () => processes[1] as ProcessOfTests];
const mismatch = expect.objectContaining({ code: 'idempotency.mismatch' }) as Error;

describe('a command that is repeated', () => {
  it.each([undefined, 'h1'])(
    'changes the stream once, ten times at once in two processes (body hash %s)',
    async (hash) => {
      const id = randomId();
      const same = facts(hash === undefined ? {} : { requestHash: hash });
      const answers = await Promise.all(
        Array.from({ length: 10 }, (_, index) => (index % 2 ? first() : second()).handler.handle(add(id, 3), same)),
      );
      expect(await eventsOf(first().eventStore, `tally-${id}`)).toHaveLength(1);
      for (const answer of answers) expect(answer).toEqual(answers[0]);
    },
  );

  it('gets the first answer after other events, here, elsewhere and after a restart', async () => {
    const id = randomId();
    const same = facts({ requestHash: 'h1' });
    const answer = await first().handler.handle(add(id, 3), same);
    await second().handler.handle(add(id, 4), facts());
    const restarted = start();
    for (const each of [first(), second(), restarted])
      expect(await each.handler.handle(add(id, 3), same)).toEqual(answer);
    await restarted.dispose();
    expect(await eventsOf(first().eventStore, `tally-${id}`)).toHaveLength(2);
  });

  it('is refused with another body, here and elsewhere', async () => {
    const id = randomId();
    const same = facts({ requestHash: 'h1' });
    await first().handler.handle(add(id, 3), same);
    for (const each of [first(), second()])
      await expect(each.handler.handle(add(id, 4), { ...same, requestHash: 'h2' })).rejects.toEqual(mismatch);
  });

  it('is answered by what was stored where two processes were told other answers by those they asked', async () => {
    const id = randomId();
    const same = facts({ asks: true });
    const answers = await Promise.all([
      first().handler.handle(add(id, 1), same),
      second().handler.handle(add(id, 2), same),
    ]);
    const [event] = await eventsOf(first().eventStore, `tally-${id}`);
    const total = (event?.data as { amount: number }).amount;
    for (const answer of answers) expect(answer).toMatchObject({ revision: 0, state: { total } });
    for (const { aggregates } of [first(), second()])
      expect(await aggregates.current(tally, id)).toMatchObject({ state: { total } });
  });

  it('is answered by what was stored where two processes send two bodies at once', async () => {
    const id = randomId();
    const same = facts();
    const ends = await Promise.allSettled([
      first().handler.handle(add(id, 1), { ...same, requestHash: 'h1' }),
      second().handler.handle(add(id, 2), { ...same, requestHash: 'h2' }),
    ]);
    const refused = ends.filter((end) => end.status === 'rejected');
    expect(refused.map(({ reason }) => reason as unknown)).toEqual([mismatch]);
    expect(await eventsOf(first().eventStore, `tally-${id}`)).toHaveLength(1);
  });
});
