import type { Random } from '../event-store-server/faults/random.js';
import { createEventStore } from '../event-store/event-store.js';
import { createPostgres } from '../postgres/postgres.js';
import { createPersonalKeys } from '../security/personal-keys.js';
import { startKeepers, type Keepers } from './projections-keepers.js';
import { compareWithRebuilt, type ViewOperations } from './projections-operations.js';
import { startWriter, type Writer } from './projections-writer.js';

export type KillsSettings = Readonly<{
  /** The built entry file of the projections. */
  entry: string;
  /** The variables that lead to the engines, and the master key. */
  env: Readonly<Record<string, string>>;
  operations: ViewOperations;
  rounds: number;
  onRound?: (round: number, kind: string, written: number) => void;
}>;

type Strike = (keepers: Keepers, writer: Writer, random: Random) => Promise<void>;

/** Two keep the views. In most rounds one of them is killed, and started again while the other goes on. */
const killOne: Strike = async ({ all, whenKeeping }, writer, random) => {
  const victim = random.oneOf(all);
  // Also one that has just begun, and keeps nothing yet.
  if (random.between(1, 4) > 1) await whenKeeping(victim);
  await writer.afterMore(random.between(1, mostBetween));
  await victim.kill();
  await writer.afterMore(random.between(1, mostBetween));
  victim.start();
};

const killBoth: Strike = async ({ all, whenKeeping }, writer, random) => {
  await Promise.all(all.map(whenKeeping));
  await writer.afterMore(random.between(1, mostBetween));
  await Promise.all(all.map((each) => each.kill()));
  await writer.afterMore(random.between(1, mostBetween));
  for (const each of all) each.start();
};

/** Paused for longer than its leases last, it goes on in the middle of what it did: nothing of that may count. */
const freezeOne: Strike = async ({ all, whenKeeping, whenReplaced }, writer, random) => {
  const frozen = random.oneOf(all);
  await whenKeeping(frozen);
  await writer.afterMore(random.between(1, mostBetween));
  frozen.freeze();
  await whenReplaced(frozen);
  const others = all.filter((other) => other !== frozen);
  await Promise.all(others.map(whenKeeping));
  await writer.afterMore(random.between(1, mostBetween));
  frozen.thaw();
};

const freezeBoth: Strike = async ({ all, whenKeeping, whenReplaced }, writer, random) => {
  await Promise.all(all.map(whenKeeping));
  await writer.afterMore(random.between(1, mostBetween));
  for (const each of all) each.freeze();
  await Promise.all(all.map(whenReplaced));
  for (const each of all) each.thaw();
};

const one = ['one is killed', killOne] as const;
const both = ['both are killed', killBoth] as const;
const paused = ['one is paused for longer than its leases last', freezeOne] as const;
const bothPaused = ['both are paused for longer than their leases last', freezeBoth] as const;

/** Twelve are killed in ten rounds. */
const strikes: readonly (readonly [string, Strike])[] = [
  ...[one, both, one, paused, both],
  ...[one, both, bothPaused, one, both],
];

/** Events that are appended before a strike, and again before what was killed comes back. */
const mostBetween = 40;

/**
 * Kills and pauses the processes that keep the views while events are appended all the time; then every view is built
 * anew and compared with the one that lived through that. Says what is wrong, and nothing where all is right.
 */
export const killInRounds = async (
  { entry, env, operations, rounds, onRound = () => undefined }: KillsSettings,
  random: Random,
): Promise<readonly string[]> => {
  const eventStore = createEventStore(env['EVENTSTORE_URL'] ?? '');
  const postgres = createPostgres(env['POSTGRES_URL'] ?? '');
  const keys = createPersonalKeys({ postgres, masterKey: env['MASTER_KEY'] ?? '' });
  const keepers = await startKeepers({ entry, count: 2, env });
  const writer = startWriter({ eventStore, keys }, random);
  try {
    for (let round = 1; round <= rounds; round += 1) {
      const [kind, strike] = strikes[(round - 1) % strikes.length] as (typeof strikes)[number];
      await strike(keepers, writer, random);
      onRound(round, kind, writer.written());
    }
    await writer.stop();
    await keepers.whenReady();
    const views = (await operations.list()).map(({ name }) => name);
    return await compareWithRebuilt(operations, views);
  } finally {
    await writer.stop().catch(() => undefined);
    await keepers.stop();
    await eventStore.dispose();
    await postgres.end();
  }
};
