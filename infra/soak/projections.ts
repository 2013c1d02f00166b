import { fileURLToPath } from 'node:url';
import { appendOrders, eventsPerOrder } from '../bench/projection/order-events.js';
import { startEnginesApart } from '../engines/engines-apart.js';
import { randomFrom } from '../event-store-server/faults/random.js';
import { createEventStore } from '../event-store/event-store.js';
import { killInRounds } from './projections-kills.js';
import { operationsByCommand } from './projections-operations.js';
import { rebuildUnderLoad } from './projections-rebuild.js';
import { openViewedShop } from './projections-shop.js';
import { writeAndRead } from './projections-tokens.js';
import { failOn, type Soak, type SoakOptions } from './soak.js';

type Engines = Readonly<Record<string, string>>;
type Say = (text: string) => void;
type Kind = (engines: Engines, options: SoakOptions, say: Say) => Promise<readonly string[]>;

/** Events that the log holds when a view is built anew under load. */
const eventsBefore = 100_000;

/** Kills and pauses the processes that keep the views. */
const kills: Kind = (env, { rounds, seed }, say) =>
  killInRounds(
    {
      entry: entries.projections,
      env,
      operations: operationsByCommand(env),
      rounds,
      onRound: (round, kind, written) => say(`kill ${round} of ${rounds}: ${kind}; ${written} events so far`),
    },
    randomFrom(seed),
  );

/** Reads what was written a moment before. */
const tokens: Kind = async (env, { rounds }, say) => {
  const shop = await openViewedShop({ entries, env });
  try {
    return await writeAndRead(shop, { times: readsPerRound * rounds, onProgress: say });
  } finally {
    await shop.close();
  }
};

const readsPerRound = 20;

/** Builds the view of orders anew, from a long log, while orders are placed. */
const rebuilds: Kind = async (env, { rounds }, say) => {
  const eventStore = createEventStore(env['EVENTSTORE_URL'] ?? '');
  let next = eventsBefore / eventsPerOrder;
  say(`appending ${eventsBefore} events`);
  await appendOrders(eventStore, next);
  const shop = await openViewedShop({ entries, env });
  const wrong: string[] = [];
  try {
    const times = Math.ceil(rounds / roundsPerRebuild);
    for (let time = 1; time <= times; time += 1) {
      const onProgress = (text: string) => say(`rebuild ${time} of ${times}: ${text}`);
      const done = await rebuildUnderLoad({
        shop,
        eventStore,
        operations: operationsByCommand(env),
        from: next,
        onProgress,
      });
      next = done.next;
      wrong.push(...done.wrong);
    }
    return wrong;
  } finally {
    await shop.close();
    await eventStore.dispose();
  }
};

/** Minutes each. */
const roundsPerRebuild = 50;

const kinds: Readonly<Record<string, Kind>> = { kills, tokens, rebuilds };

const built = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const entries = { projections: built('projections/main.js'), gateway: built('gateway/main.js') };

/** Kills those who keep the views, reads what was just written, and builds a view anew under load. */
export const soakProjections: Soak = async (options, say) => {
  for (const [name, kind] of Object.entries(kinds)) {
    const engines = await startEnginesApart(['event-store', 'postgres', 'mongodb']);
    try {
      failOn(name, await kind({ ...engines.env, MASTER_KEY: masterKey }, options, say));
    } finally {
      await engines.stop();
    }
  }
};

const masterKey = 'ab'.repeat(32);
