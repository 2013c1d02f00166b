import { setImmediate as nextTurn } from 'node:timers/promises';
import { jest } from '@jest/globals';
import { pino } from 'pino';
import { v4 as randomId } from 'uuid';
import { startEngines, type EnginesForTests } from '../engines/testing/engines-for-tests.js';
import { createPostgres, type Postgres } from '../postgres/postgres.js';
import { runRelay, type HandedOver, type RelaySettings } from './relay.js';
import { createRelayTables } from './relay-tables.js';
import { eventAt, scriptedLog } from './testing/scripted-log.js';

const log = pino({ level: 'silent' });
let engines: EnginesForTests;
let postgres: Postgres;

beforeAll(async () => {
  engines = await startEngines(['postgres']);
  postgres = createPostgres(engines.env.POSTGRES_URL);
});
beforeEach(() => postgres.query('drop table if exists relay_parked, relay_checkpoints'));
afterAll(async () => {
  await postgres.end();
  await engines.stop();
});

type Log = ReturnType<typeof scriptedLog>;

const relay = ({ eventStore }: Log, over: Partial<RelaySettings> = {}) =>
  runRelay(
    {
      name: 'one',
      categories: ['tally'],
      types: ['Wanted'],
      handOver: () => Promise.resolve('acknowledged'),
      ...over,
    },
    { eventStore, postgres, log },
  );

const parkedRows = async () =>
  (await postgres.query('select relay, event_id, code from relay_parked order by relay')).rows as unknown[];

describe('an event that two relays refuse', () => {
  it('is parked for each of them', async () => {
    const event = eventAt(1, 'Wanted');
    for (const name of ['one', 'two']) {
      const script = scriptedLog([[event]]);
      const handOver = (): Promise<HandedOver> => Promise.resolve({ refused: `by_${name}` });
      const running = relay(script, { name, handOver });
      await script.through;
      await running.stop();
    }
    expect(await parkedRows()).toEqual([
      { relay: 'one', event_id: event.id, code: 'by_one' },
      { relay: 'two', event_id: event.id, code: 'by_two' },
    ]);
  });
});

describe('the table of parked events', () => {
  it('is brought to its present shape with what it holds', async () => {
    await postgres.query(`create table relay_parked (
      event_id uuid primary key, stream text not null, code text not null, at timestamptz not null default now())`);
    const older = randomId();
    await postgres.query('insert into relay_parked (event_id, stream, code) values ($1, $2, $3)', [older, 's', 'c']);
    await createRelayTables(postgres);
    await createRelayTables(postgres);
    expect(await parkedRows()).toEqual([{ relay: '', event_id: older, code: 'c' }]);
  });
});

describe('the place of a relay', () => {
  const commitOf = async () =>
    (await postgres.query<{ commit: bigint }>('select commit from relay_checkpoints')).rows[0]?.commit;
  const passedBy = (count: number, from = 1) =>
    Array.from({ length: count }, (_, index) => eventAt(from + index, 'Other'));

  it('is not moved back by an instance that lags behind', async () => {
    const [early, late] = [eventAt(1, 'Wanted'), eventAt(2, 'Wanted')];
    let goOn: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (goOn = resolve));
    let tellHeld: () => void = () => undefined;
    const isHeld = new Promise<void>((resolve) => (tellHeld = resolve));
    const lagging = scriptedLog([[early]]);
    const slow = relay(lagging, {
      handOver: async () => {
        tellHeld();
        await held;
        return 'acknowledged';
      },
    });
    await isHeld;
    const leading = scriptedLog([[early], [late]]);
    const quick = relay(leading);
    await leading.through;
    goOn();
    await lagging.through;
    expect(await commitOf()).toBe(2n);
    await Promise.all([slow.stop(), quick.stop()]);
    expect(await commitOf()).toBe(2n);
  });

  it('is where a person has put it, also back, when the relay starts', async () => {
    const events = [eventAt(1, 'Wanted'), eventAt(2, 'Wanted')];
    const first = scriptedLog([events]);
    const before = relay(first);
    await first.through;
    await before.stop();
    await postgres.query('update relay_checkpoints set commit = 1, prepare = 1');
    const again = scriptedLog([events]);
    const handed: bigint[] = [];
    const after = relay(again, {
      handOver: ({ position }) => {
        handed.push(position?.commit ?? -1n);
        return Promise.resolve('acknowledged');
      },
    });
    await again.through;
    await after.stop();
    expect(again.begun).toEqual([1n]);
    expect(handed).toEqual([2n]);
    expect(await commitOf()).toBe(2n);
  });

  it('is kept over events that are only passed by, not with each of them', async () => {
    const written = jest.spyOn(postgres, 'query');
    const script = scriptedLog(passedBy(1_010).map((event) => [event]));
    const running = relay(script);
    await script.through;
    while ((await commitOf()) !== 1_010n) await nextTurn();
    const writes = written.mock.calls.filter(([text]) => text.includes('insert into relay_checkpoints'));
    written.mockRestore();
    expect(writes.length).toBeLessThan(10);
    await running.stop();
  });

  it('is kept over what was passed by when the relay stops', async () => {
    const script = scriptedLog([passedBy(3)]);
    const running = relay(script);
    await script.through;
    await running.stop();
    expect(await commitOf()).toBe(3n);
  });

  it('is kept at once over an event that was handed over', async () => {
    const script = scriptedLog([[...passedBy(3), eventAt(4, 'Wanted')]]);
    const running = relay(script);
    await script.through;
    expect(await commitOf()).toBe(4n);
    await running.stop();
  });
});
