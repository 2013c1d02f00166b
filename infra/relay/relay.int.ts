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
