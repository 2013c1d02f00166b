import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { builtEntry } from '../../../infra/engines/installation.js';
import { freshAs, startReadSide, type ReadSide } from '../../shared/testing/read-side.js';
import { nameOf } from '../../shared/view.js';
import { migrateViews } from '../migrations.js';
import { countsView } from '../testing/counts.js';
import { kinds, readCount, rowsOf } from '../testing/kinds.js';
import { randomNumbers } from '../testing/random-numbers.js';
import { runViews } from '../testing/run-views.js';
import { until } from '../testing/until.js';

const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
let readSide: ReadSide;

beforeAll(async () => {
  readSide = await startReadSide();
  await migrateViews(readSide.postgres);
});
afterAll(() => readSide.stop());

const startProcess = (...args: readonly string[]) =>
  spawn(process.execPath, [builtEntry('projections/runner/testing/view-process.js'), ...args], {
    env: { ...process.env, ...readSide.env },
    stdio: 'inherit',
  });

describe.each(kinds)('a process that keeps a view in %s', (kind) => {
  it(`changes nothing when it goes on after it was paused past its leases (SEED=${seed})`, async () => {
    const category = `stopped${kind}`;
    const view = countsView(kind, { name: `stopped_${kind}`, category });
    const build = nameOf(view, { version: 1, number: 1 });
    const random = randomNumbers(seed);
    const read = readCount(readSide, kind, view);
    const write = async (times: number, prefix = '') => {
      let last = 0n;
      for (let n = 0; n < times; n += 1)
        last = await readSide.append(`${category}-${prefix}${random(9)}`, {
          type: 'Counted',
          data: { by: random(100) },
        });
      return last;
    };
    const held = async (owner: string) => {
      const { rows } = await readSide.postgres.query<{ held: number }>(
        'select count(*)::int as held from projection_leases where build = $1 and owner = $2 and expires > clock_timestamp()',
        [build, owner],
      );
      return rows[0]?.held;
    };

    const child = startProcess(kind, view.name, category, 'child');
    try {
      await until(
        () => held('child'),
        (partitions) => partitions === 4,
      );
      await read(`${category}-0`, freshAs(category, await write(10)));
      // Beside the others: in streams of its own, so that neither meets a revision that it does not expect.
      const writing = write(40, 'beside');
      await read(`${category}-0`, freshAs(category, await write(random(10) + 1)));
      child.kill('SIGSTOP');
      await writing;
      const other = runViews(readSide, [{ view }], { instance: 'other' });
      await read(`${category}-0`, freshAs(category, await write(20)));
      child.kill('SIGCONT');
      await until(
        () => held('child'),
        (partitions) => partitions === 2,
      );
      await read(`${category}-0`, freshAs(category, await write(20)));
      await other.stop();
      await until(
        () => held('child'),
        (partitions) => partitions === 4,
      );
      await read(`${category}-0`, freshAs(category, await write(5)));
    } finally {
      const exited = once(child, 'exit');
      child.kill('SIGCONT');
      child.kill('SIGTERM');
      await exited;
    }
    const fresh = { ...view, name: `stopped_fresh_${kind}` };
    const single = runViews(readSide, [{ view: fresh }]);
    await until(() => single.isLive(fresh.name), Boolean);
    await single.stop();
    expect(await rowsOf(readSide, kind, build)).toEqual(
      await rowsOf(readSide, kind, nameOf(fresh, { version: 1, number: 1 })),
    );
  });
});
