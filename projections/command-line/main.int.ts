import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { everyAggregate } from '../../domains/contexts.js';
import { builtEntry } from '../../infra/engines/installation.js';
import { createOperations } from '../runner/operations.js';
import type { RunningProjections } from '../runner/runner.js';
import { readEvents } from '../runner/read-events.js';
import { runViews } from '../runner/testing/run-views.js';
import { createViewBuilds } from '../runner/view-builds.js';
import type { ParkedStatus, ProjectionStatus } from '../shared/projection-status.js';
import { startReadSide, type ReadSide } from '../shared/testing/read-side.js';
import { views } from '../views.js';

let side: ReadSide;
let running: RunningProjections | null = null;

beforeAll(async () => {
  side = await startReadSide();
});
afterAll(async () => {
  await running?.stop();
  await side.stop();
});

const entry = builtEntry('projections/command-line/main.js');
const surroundings = () => {
  const { EVENTSTORE_URL, POSTGRES_URL, MONGODB_URL } = side.env;
  return { PATH: process.env.PATH, EVENTSTORE_URL, POSTGRES_URL, MONGODB_URL };
};

type Outcome = Readonly<{ code: number; output: string; complaint: string }>;

/** Runs the command line as a person does. */
const projections = (args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Outcome> =>
  new Promise((resolve) => {
    execFile(process.execPath, [entry, ...args], { env: { ...surroundings(), ...env } }, (error, output, complaint) =>
      resolve({ code: error ? Number(error.code) : 0, output, complaint }),
    );
  });

const json = async (...args: readonly string[]) =>
  JSON.parse((await projections([...args, '--json'])).output) as unknown;

/** The view once it is so. */
const until = async (name: string, holds: (status: ProjectionStatus) => boolean): Promise<ProjectionStatus> => {
  const { postgres, mongo, eventStore } = side;
  const operations = createOperations({ builds: createViewBuilds(views, { postgres, mongo }), postgres, eventStore });
  for (;;) {
    const status = (await operations.list()).find((each) => each.name === name);
    if (status && holds(status)) return status;
  }
};

describe('npm run projections', () => {
  it('explains itself', async () => {
    expect((await projections(['--help'])).output).toContain('rollback');
    expect((await projections(['rebuild', '--help'])).output).toContain('--json');
  });

  it('says that nothing was built yet', async () => {
    expect(await json('list')).toContainEqual(
      expect.objectContaining({ name: 'stock', state: 'stopped', builds: null }),
    );
    for (const name of ['stock', 'catalog']) {
      const { code, complaint } = await projections(['rebuild', name]);
      expect({ code, complaint }).toEqual({
        code: 1,
        complaint: 'The view has not been built yet; start the projections\n',
      });
    }
  });

  it('lists the views, for people and for programs', async () => {
    running = runViews(side, views, { read: readEvents(everyAggregate) });
    const received = { type: 'StockReceived', data: { productId: 'mug', quantity: 3, reference: null } } as const;
    const position = await side.append('stock-mug', received);
    await until('stock', (status) => status.position === String(position));
    expect(await json('list')).toContainEqual(expect.objectContaining({ name: 'stock', state: 'live', parkedKeys: 0 }));
    const { output } = await projections(['list']);
    for (const { view } of views) expect(output).toContain(view.name);
  });

  it.each(['stock', 'catalog'])('builds %s anew, switches to it, rolls back and drops', async (name) => {
    await until(name, ({ state }) => state === 'live');
    const rebuilt = await projections(['rebuild', name]);
    expect(rebuilt).toMatchObject({ code: 0, complaint: expect.stringContaining(`${name} [`) as string });
    expect(rebuilt.output).toContain('It holds the same as the build that serves');
    expect(rebuilt.output).toContain(`npm run projections -- switch ${name}`);
    expect((await projections(['list'])).output).toContain('ready to switch');

    expect(await projections(['switch', name])).toMatchObject({ output: `${name}: build 2 serves now.\n` });
    expect(await json('rollback', name)).toMatchObject({ name, canRollBack: true, builds: { live: 1, previous: 2 } });
    expect(await json('drop', name)).toMatchObject({ canRollBack: false, builds: { live: 1, previous: null } });
  });

  it('leaves a rebuild to the projections on Ctrl-C', async () => {
    await running?.stop();
    const child = spawn(process.execPath, [entry, 'rebuild', 'stock'], { env: surroundings() });
    let complaint = '';
    child.stderr.on('data', (text: Buffer) => (complaint += text.toString()));
    while (!complaint.includes('stock [')) await once(child.stderr, 'data');
    child.kill('SIGINT');
    expect(await once(child, 'close')).toEqual([130, null]);
    expect(complaint).toContain('It goes on without you');
    running = runViews(side, views, { read: readEvents(everyAggregate) });
    await until('stock', ({ progress }) => progress?.isReady === true);
    await projections(['drop', 'stock']);
  });

  it('attends to parked events', async () => {
    expect((await projections(['parked', 'stock'])).output).toBe('No event is parked in stock.\n');
    const position = await side.append('stock-cup', { type: 'StockStolen', data: { productId: 'cup' } });
    await until('stock', ({ parkedKeys }) => parkedKeys === 1);
    const parked = (await json('parked', 'stock')) as readonly ParkedStatus[];
    expect(parked).toMatchObject([{ key: 'cup', position: String(position), type: 'StockStolen', request: null }]);
    expect((await projections(['parked', 'stock'])).output).toContain('StockStolen');
    expect(await json('retry', 'stock', 'cup')).toEqual({ key: 'cup', request: 'retry' });
    expect((await projections(['discard', 'stock', 'cup'])).output).toContain('will be forgotten');
    await until('stock', ({ parkedKeys }) => parkedKeys === 0);
  });

  it.each([
    ['a view that is not there', ['rebuild', 'nowhere'], {}, 'There is no view nowhere; there are orders'],
    ['a switch to nothing', ['switch', 'stock'], {}, 'No build is made now'],
    ['what is not parked', ['retry', 'stock', 'x'], {}, 'No event of x is parked in stock'],
    [
      'nobody there',
      ['rebuild', 'stock'],
      { POSTGRES_URL: 'postgresql://127.0.0.1:1/x' },
      'PostgreSQL does not answer',
    ],
    ['no database', ['list'], { POSTGRES_URL: undefined, DATA_DIR: '/nowhere' }, 'No PostgreSQL runs in'],
    ['no event store', ['list'], { EVENTSTORE_URL: undefined, DATA_DIR: '/nowhere' }, 'No event-store runs in'],
    ['no MongoDB', ['list'], { MONGODB_URL: undefined, DATA_DIR: '/nowhere' }, 'No mongodb runs in'],
  ])('refuses %s with a sentence', async (_, args, env, sentence) => {
    const { code, complaint } = await projections(args, env);
    expect(code).toBe(1);
    expect(complaint).toContain(sentence);
    expect(complaint.trim().split('\n')).toHaveLength(1);
  });

  it('finds the engines by the data folder', async () => {
    const nothing = { EVENTSTORE_URL: undefined, POSTGRES_URL: undefined, MONGODB_URL: undefined };
    const { code, output } = await projections(['list', '--json'], { ...nothing, DATA_DIR: side.dataDir });
    expect({ code, views: (JSON.parse(output) as unknown[]).length }).toEqual({ code: 0, views: views.length });
    expect(output).not.toContain('"builds": null');
  });
});
