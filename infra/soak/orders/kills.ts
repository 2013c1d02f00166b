import { setTimeout as pause } from 'node:timers/promises';
import type { EnginesApart } from '../../engines/engines-apart.js';
import type { Random } from '../../event-store-server/faults/random.js';
import type { OrderPlatform } from './platform.js';

export type Kills = Readonly<{
  /** Told of each order that was placed, by its number from 1: some are followed by a kill. */
  onPlaced: (number: number) => void;
  /** Resolves when whatever was killed runs again; gives how often each was. @throws Error when one ended by itself. */
  done: () => Promise<Readonly<{ workflows: number; temporal: number }>>;
}>;

/** Orders between two kills of the worker. */
const ordersPerKill = 40;
/** So long what was killed stays away at most; Temporal is started again by itself. */
const longestAwayMs = 2_000;

/** Kills whoever carries out the orders, again and again, and Temporal twice, in the middle of what they do. */
export const killMeanwhile = (
  { workflows, engines }: Pick<OrderPlatform, 'workflows'> & Readonly<{ engines: EnginesApart }>,
  orders: number,
  random: Random,
): Kills => {
  const killed = { workflows: 0, temporal: 0 };
  let ofWorker: Promise<void> = Promise.resolve();
  let ofTemporal: Promise<void> = Promise.resolve();
  const hearLater = (kill: Promise<void>) => {
    // Whoever waits until all is done hears of it.
    kill.catch(() => undefined);
    return kill;
  };

  const killWorker = async () => {
    await workflows.kill();
    killed.workflows += 1;
    await pause(random.between(0, longestAwayMs));
    workflows.start();
  };
  const killTemporal = async () => {
    await engines.kill('temporal');
    killed.temporal += 1;
  };

  return {
    onPlaced: (number) => {
      if (number % ordersPerKill === 0) ofWorker = hearLater(ofWorker.then(killWorker));
      if (number === Math.ceil(orders / 3) || number === Math.ceil((2 * orders) / 3))
        ofTemporal = hearLater(ofTemporal.then(killTemporal));
    },
    done: async () => {
      await Promise.all([ofWorker, ofTemporal]);
      await workflows.whenReady();
      return killed;
    },
  };
};
