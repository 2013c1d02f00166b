import { fileURLToPath } from 'node:url';
import { setTimeout as pause } from 'node:timers/promises';
import { startEnginesApart, type EnginesApart } from '../engines/engines-apart.js';
import { randomFrom, type Random } from '../event-store-server/faults/random.js';
import type { RoleProcess } from './role-process.js';
import { beginOrder, everyCall, isPossible, staffRequests, type Ordered } from './saga-matrix-orders.js';
import type { Failure, Fault } from './saga-matrix-proxy.js';
import { openSagaShop, type SagaShop } from './saga-matrix-shop.js';
import { failOn, type Soak } from './soak.js';

type Call = (typeof everyCall)[number];
type World = Readonly<{ shop: SagaShop; engines: EnginesApart; workflows: RoleProcess; random: Random }>;

/** What is done to orders that are all held in the middle of a step; gives what is wrong then. */
type Strike = (world: World, held: readonly Ordered[]) => Promise<void>;

const killWorkflows: Strike = async ({ workflows, shop }) => {
  await workflows.kill();
  shop.faults.clear();
  workflows.start();
  await workflows.whenReady();
};

const killTemporal: Strike = async ({ engines, shop }) => {
  await engines.kill('temporal');
  shop.faults.clear();
};

/** Another one carries the orders on; the first goes on with what it was about once all have ended. */
const freezeWorkflows: Strike = async ({ workflows, shop }, held) => {
  workflows.freeze();
  shop.faults.clear();
  const other = await shop.newWorkflows();
  other.start();
  await other.whenReady();
  await Promise.allSettled(held.map(({ done }) => done));
  workflows.thaw();
  await workflows.whenReady();
  // So long the first may be about what it had begun.
  await pause(15_000);
  await other.stop();
};

const strikes: Readonly<Record<string, Strike>> = {
  'the workflows are killed': killWorkflows,
  'Temporal is killed': killTemporal,
  'the workflows are paused, and others go on': freezeWorkflows,
};

const failures: readonly Failure[] = ['refused', 'transient', 'unanswered before', 'unanswered after'];

const mostAtOnce = 24;
/** The relay asks of the order as well: where that is held, no other order begins. */
const ofSagas = everyCall.filter(({ call }) => call !== 'orders fulfilmentOf');
/** What is held takes up one of the twenty that a worker does at once within workflow tasks. */
const mostHeld = 15;

/**
 * Takes orders through every step of their sagas while each of them fails in every way, and looks in the streams and in
 * the provider's books for what came of it.
 */
export const soakSagaMatrix: Soak = async ({ rounds, seed }, say) => {
  const engines = await startEnginesApart(['event-store', 'postgres', 'temporal']);
  try {
    const shop = await openSagaShop({ entries, engines: engines.env });
    const workflows = await shop.newWorkflows();
    workflows.start();
    try {
      await workflows.whenReady();
      const world = { shop, engines, workflows, random: randomFrom(seed) };
      for (let round = 1; round <= rounds; round += 1) {
        const told = (text: string) => say(`round ${round} of ${rounds}: ${text}`);
        for (const [name, strike] of Object.entries(strikes))
          for (const failure of ['held before', 'held after'] as const)
            await strikeEach(world, { name, strike, failure }, told);
        for (const failure of failures) await failEach(world, failure, told);
        await failForLong(world, told);
      }
    } finally {
      await workflows.stop();
      await shop.close();
    }
  } finally {
    await engines.stop();
  }
};

/** Every step fails in one way, some times. */
const failEach = async ({ shop, random }: World, failure: Failure, say: (text: string) => void) => {
  const calls = shuffled(
    everyCall.filter(({ call }) => isPossible(call, failure)),
    random,
  );
  for (const some of inParts(calls, mostAtOnce)) {
    // More often than whoever calls repeats it by itself, or less: the service bus does so four times as often.
    const timesOf = (call: string) =>
      random.oneOf(failure === 'refused' || call.startsWith('provider ') ? [1, 4] : [1, 5, 13]);
    const faults = some.map(({ call }) => newFault(call, failure, timesOf(call)));
    const begun = await begin({ shop, random }, some, faults);
    failOn(failure, await wrongIn(begun, some));
    say(`${failure}: ${some.length} steps hold`);
  }
};

/** Some steps fail until they need somebody, who comes then: minutes later. */
const failForLong = async ({ shop, random }: World, say: (text: string) => void) => {
  const some = shuffled(ofSagas, random).slice(0, mostAtOnce);
  const faults = some.map(({ call }) => {
    const failure = random.oneOf(failures.filter((each) => isPossible(call, each)));
    return newFault(call, failure, Infinity);
  });
  const begun = await begin({ shop, random }, some, faults);
  failOn('for long', await wrongIn(begun, some));
  say(`until somebody sees to it: ${some.length} steps hold`);
};

type Struck = Readonly<{ name: string; strike: Strike; failure: Failure }>;

/** Somebody is killed or paused while every step is under way; some orders are cancelled meanwhile. */
const strikeEach = async (world: World, { name, strike, failure }: Struck, say: (text: string) => void) => {
  const { random } = world;
  for (const some of inParts(shuffled(ofSagas, random), mostHeld)) {
    const faults = some.map(({ call }) => newFault(call, failure));
    const begun = await begin(world, some, faults);
    for (const fault of faults) while (fault.struck === 0) await pause(20);
    const cancelled = begun.filter(() => random.between(1, 3) === 1);
    await Promise.all(cancelled.map(({ cancel }) => cancel()));
    await pause(random.between(0, 500));
    await strike(world, begun);
    failOn(`${name}, ${failure}`, await wrongIn(begun, some));
    say(`${name}, ${failure}: ${some.length} steps hold, ${cancelled.length} orders cancelled meanwhile`);
  }
};

const begin = (
  { shop, random }: Pick<World, 'shop' | 'random'>,
  calls: readonly Call[],
  faults: readonly Fault[],
): Promise<readonly Ordered[]> =>
  Promise.all(
    calls.map(({ path }, index) =>
      beginOrder(shop, { path, fault: faults[index] as Fault, staff: random.oneOf(staffRequests) }),
    ),
  );

/** What is wrong with orders once they have ended, by their steps. */
const wrongIn = async (begun: readonly Ordered[], calls: readonly Call[]): Promise<readonly string[]> => {
  const wrong = await Promise.all(
    begun.map(async ({ done, wrong: wrongNow }, index) => {
      const step = `${calls[index]?.path ?? ''}, ${calls[index]?.call ?? ''}`;
      const found = await done.then(wrongNow, (error: unknown) => [(error as Error).message]);
      return found.map((what) => `${step}: ${what}`);
    }),
  );
  return wrong.flat();
};

const newFault = (call: string, failure: Failure, times = 1): Fault => ({ call, failure, times, struck: 0 });

const inParts = (calls: readonly Call[], most: number): readonly (readonly Call[])[] =>
  Array.from({ length: Math.ceil(calls.length / most) }, (_, part) => calls.slice(part * most, (part + 1) * most));

const shuffled = (calls: readonly Call[], random: Random): readonly Call[] =>
  calls
    .map((call) => [random.between(0, 1_000_000), call] as const)
    .sort(([a], [b]) => a - b)
    .map(([, call]) => call);

const built = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const entries = {
  domains: built('domains/main.js'),
  provider: built('infra/payment-provider/simulator/main.js'),
  workflows: built('workflows/main.js'),
};
