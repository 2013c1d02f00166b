import { join } from 'node:path';
import { startEngines, type EnginesForTests } from '../../infra/engines/testing/engines-for-tests.js';
import { randomFrom } from '../../infra/event-store-server/faults/random.js';
import { killInRounds } from '../../infra/soak/projections-kills.js';
import { openViewOperations } from './testing/view-operations.js';

const entry = join(import.meta.dirname, '../../dist/projections/main.js');
const seed = 1;

let engines: EnginesForTests;
let operations: ReturnType<typeof openViewOperations>;

beforeAll(async () => {
  engines = await startEngines(['event-store', 'postgres', 'mongodb']);
  operations = openViewOperations(engines.env);
});
afterAll(async () => {
  await operations.close();
  await engines.stop();
});

describe(`views whose processes are killed and paused while events come (seed ${seed})`, () => {
  it('are what a log that nobody disturbed makes of them', async () => {
    const env = { ...engines.env, MASTER_KEY: 'ab'.repeat(32) };
    expect(await killInRounds({ entry, env, operations, rounds: 4 }, randomFrom(seed))).toEqual([]);
  });
});
