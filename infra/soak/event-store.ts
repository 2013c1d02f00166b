import { fuzz } from '../event-store-server/faults/fuzzing.js';
import { killInRounds } from '../event-store-server/faults/kill-rounds.js';
import { checkAgainstModel } from '../event-store-server/log/model/check-against-model.js';
import type { Soak } from './soak.js';

/** Kills the embedded event store, speaks nonsense to it, and compares it with its model, for hours. */
export const soakEventStore: Soak = async ({ rounds, seed }, say) => {
  const begun = performance.now();
  await killInRounds({
    rounds,
    seed,
    onRound: ({ number, kind, answers, events }) => {
      const left = ((performance.now() - begun) / number) * (rounds - number);
      say(`kill ${number} of ${rounds}, ${minutes(left)} left: ${kind}, ${answers} answers, ${events} events intact`);
    },
  });
  await fuzz({ bursts: rounds, seed, onBurst: (number, what) => say(`burst ${number} of ${rounds}: ${what}`) });
  await checkAgainstModel({ runs: rounds, seed, onProgress: (tried) => say(`model: sequence ${tried} of ${rounds}`) });
};

const minutes = (milliseconds: number) => `${Math.ceil(milliseconds / 60_000)} min`;
