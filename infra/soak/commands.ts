import { fileURLToPath } from 'node:url';
import { startEnginesApart } from '../engines/engines-apart.js';
import { randomFrom } from '../event-store-server/faults/random.js';
import { openShop } from './commands-shop.js';
import { releaseBeforeReserve, reserveAtOnce, sendTenTimes, type Trial } from './commands-trials.js';
import { failOn, type Soak } from './soak.js';

const processes = 4;
const trials: Readonly<Record<string, Trial>> = {
  'two thousand reservations of a hundred pieces': reserveAtOnce({ orders: 2_000, pieces: 100 }),
  'releases that overtake their reserves': releaseBeforeReserve,
  'one command ten times at once': sendTenTimes,
};

/** Sends commands for one stream to four processes at once, and looks in the stream for what they came to. */
export const soakCommands: Soak = async ({ rounds, seed }, say) => {
  const engines = await startEnginesApart(['event-store', 'postgres']);
  try {
    const entry = fileURLToPath(new URL('../../domains/main.js', import.meta.url));
    const shop = await openShop({ entry, processes, engines: engines.env });
    try {
      const random = randomFrom(seed);
      for (let round = 1; round <= rounds; round += 1)
        for (const [name, trial] of Object.entries(trials)) {
          const begun = performance.now();
          failOn(`round ${round}, ${name}`, await trial(shop, random));
          say(`round ${round} of ${rounds}: ${name}: holds (${Math.round(performance.now() - begun)} ms)`);
        }
    } finally {
      await shop.close();
    }
  } finally {
    await engines.stop();
  }
};
