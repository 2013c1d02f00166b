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
/** So long what was killed stays away at most; Temporal comes back by itself. */
const longestAwayMs = 2_000;

/** Kills whoever carries out the orders, again and again, and Temporal twice, in the middle of what they do. */
export const killMeanwhile = (
  { workflows, engines }: Pick<OrderPlatform, 'workflows'> & Readonly<{ engines: EnginesApart }>,
  orders: number,
  random: Random,
): Kills => {
  const killed = { workflows: 0, temporal: 0 };
  let last: Promise<void> = Promise.resolve();
  const next = (kill: () => Promise<void>) => {
    last = last.then(kill);
    // Whoever waits for the last hears of it.
    last.catch(() => undefined);
  };

  const killWorker = async () => {
    await workflows.kill();
    killed.workflows += 1;
    await pause(random.between(0, longestAwayMs));
    workflows.start();
  };
  const killTemporal = () => {
    engines.kill('temporal');
    killed.temporal += 1;
    return Promise.resolve();
  };

  return {
    onPlaced: (number) => {
      if (number % ordersPerKill === 0) next(killWorker);
      if (number === Math.ceil(orders / 3) || number === Math.ceil((2 * orders) / 3)) next(killTemporal);
    },
    done: async () => {
      await last;
      await workflows.whenReady();
      return killed;
    },
  };
};
