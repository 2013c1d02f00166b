import { execFile } from 'node:child_process';
import { pino } from 'pino';
import { v4 as randomId } from 'uuid';
import { builtEntry } from '../engines/installation.js';
import { startEngines, type EnginesForTests } from '../engines/testing/engines-for-tests.js';
import { createPostgres, type Postgres } from '../postgres/postgres.js';
import type { ParkedEvent } from './parked-events.js';
import { createRelayTables, relayTables } from './relay-tables.js';
import { runRelay, type HandedOver } from './relay.js';
import { eventAt, scriptedLog } from './testing/scripted-log.js';

let engines: EnginesForTests;
let postgres: Postgres;

beforeAll(async () => {
  engines = await startEngines(['postgres']);
  postgres = createPostgres(engines.env.POSTGRES_URL);
});
beforeEach(async () => {
  await createRelayTables(postgres);
  await postgres.query('truncate relay_parked, relay_checkpoints');
});
afterAll(async () => {
  await postgres.end();
  await engines.stop();
});

type Outcome = Readonly<{ code: number; output: string; complaint: string }>;

/** Runs the command line as a person does. */
const parked = (args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Outcome> =>
  new Promise((resolve) => {
    const surroundings = { PATH: process.env.PATH, POSTGRES_URL: engines.env.POSTGRES_URL, ...env };
    execFile(
      process.execPath,
      [builtEntry('infra/relay/main.js'), ...args],
      { env: surroundings },
      (error, output, complaint) => resolve({ code: error ? Number(error.code) : 0, output, complaint }),
    );
  });

const listed = async (...args: readonly string[]) =>
  JSON.parse((await parked(['list', '--json', ...args])).output) as readonly ParkedEvent[];

const park = async (relay: string, id: string = randomId()): Promise<string> => {
  const refusal = { code: 'internal.error', reaction: 'tallies/praise' };
  await relayTables(postgres, relay).park({ id, streamId: 'tally-1' }, refusal);
  return id;
};

/** Resolves once this holds of the parked events. */
const until = async (holds: (events: readonly ParkedEvent[]) => boolean): Promise<void> => {
  while (!holds(await listed()));
};

describe('npm run parked', () => {
  it('explains itself', async () => {
    expect((await parked(['--help'])).output).toContain('discard');
    expect((await parked(['retry', '--help'])).output).toContain('--json');
  });

  it('lists what is parked, for people and for programs', async () => {
    expect((await parked(['list'])).output).toBe('No event is parked.\n');
    const eventId = await park('one');
    await park('two');
    expect((await parked(['list'])).output).toContain(eventId);
    expect(await listed('--relay', 'one')).toEqual([
      {
        ...{ relay: 'one', eventId, stream: 'tally-1', reaction: 'tallies/praise', code: 'internal.error' },
        ...{ parkedAt: expect.any(String) as string, retryAt: null },
      },
    ]);
  });

  it('has a relay that runs hand an event over again, until it is done with', async () => {
    const event = eventAt(1, 'Wanted');
    const script = scriptedLog([[event]]);
    let isMended = false;
    let handedOver = 0;
    const handOver = (): Promise<HandedOver> => {
      handedOver += 1;
      return Promise.resolve(isMended ? 'acknowledged' : { refused: 'internal.error' });
    };
    const running = runRelay(
      { name: 'one', categories: ['tally'], types: ['Wanted'], handOver },
      { eventStore: script.eventStore, postgres, log: pino({ level: 'silent' }) },
    );
    await script.through;
    expect(await parked(['retry', event.id])).toMatchObject({ code: 0, complaint: '' });
    await until(([first]) => handedOver === 2 && first?.retryAt === null);

    isMended = true;
    await parked(['retry', '--relay', 'one']);
    await until((events) => events.length === 0);
    expect(handedOver).toBe(3);
    await running.stop();
  });

  it('parks an event again that is nowhere', async () => {
    const eventId = await park('one');
    await parked(['retry', '--all']);
    const running = runRelay(
      { name: 'one', categories: ['tally'], types: [], handOver: () => Promise.resolve('acknowledged') },
      { eventStore: scriptedLog([]).eventStore, postgres, log: pino({ level: 'silent' }) },
    );
    await until(([first]) => first?.retryAt === null);
    await running.stop();
    expect(await listed()).toMatchObject([{ eventId, code: 'event.not_found' }]);
  });

  it('hands over what was parked before relays were told apart once it is told for which', async () => {
    const eventId = await park('');
    expect(await parked(['retry', eventId])).toMatchObject({ code: 1 });
    expect(await parked(['retry', eventId, '--relay', 'one', '--json'])).toMatchObject({ output: '{"count":1}\n' });
    expect(await listed()).toMatchObject([{ relay: 'one', eventId, retryAt: expect.any(String) as string }]);
  });

  it('forgets an event, of one relay only', async () => {
    const eventId = await park('one');
    await park('two', eventId);
    expect(await parked(['discard', eventId, '--relay', 'one'])).toMatchObject({ output: '1 event forgotten\n' });
    expect(await listed()).toMatchObject([{ relay: 'two', eventId }]);
  });

  it.each([
    ['nothing chosen', ['discard'], {}, 'Name events, a --relay, or --all'],
    ['what is no id', ['retry', 'it'], {}, 'It must be the id of an event'],
    ['nobody there', ['list'], { POSTGRES_URL: 'postgresql://127.0.0.1:1/x' }, 'PostgreSQL does not answer'],
    ['no database', ['list'], { POSTGRES_URL: undefined, DATA_DIR: '/nowhere' }, 'No PostgreSQL runs in'],
  ])('refuses %s with a sentence', async (_, args, env, sentence) => {
    const { code, complaint } = await parked(args, env);
    expect(code).toBe(1);
    expect(complaint).toContain(sentence);
    expect(complaint.trim().split('\n')).toHaveLength(1);
  });
});
