import { startEnginesApart } from '../../engines/engines-apart.js';
import { createEventStore } from '../../event-store/event-store.js';
import { startGateway, type GatewayProcess } from '../command/gateways.js';
import { tokenOf } from '../command/shop.js';
import { compare, inRounds, type Measurement } from '../rounds.js';
import { readBare } from './bare-read.js';
import { appendOrders } from './order-events.js';

const length = 100_000;
const rounds = 7;
const floor = 0.6;

const admin = { email: 'admin@evermart.localhost', password: 'only for this benchmark' };
const settings = {
  ...{ ADMIN_EMAIL: admin.email, ADMIN_PASSWORD: admin.password, MASTER_KEY: 'ab'.repeat(32) },
  MONGODB_URL: 'mongodb://127.0.0.1:1/evermart',
};

/** Reading 100,000 events as lines from the gateway, beside reading them from the store with the client alone. */
export const measureReading = async (report: (line: string) => void): Promise<Measurement> => {
  const engines = await startEnginesApart(['event-store', 'postgres']);
  const url = engines.env['EVENTSTORE_URL'] ?? '';
  const eventStore = createEventStore(url);
  let gateway: GatewayProcess | undefined;
  try {
    report(`appending ${length} events`);
    await appendOrders(eventStore, length);
    gateway = await startGateway({ ...engines.env, ...settings });
    const api = `http://127.0.0.1:${gateway.port}/api/v1`;
    const token = await tokenOf(api, admin);
    const works = { figure: () => readLines(api, token), ceiling: () => readBare(url, () => undefined) };
    for (const work of Object.values(works)) await work();
    const measured = await inRounds(
      rounds,
      async () => ({ figure: await perSecond(works.figure), ceiling: await perSecond(works.ceiling) }),
      report,
    );
    return compare('events as lines, beside the client alone', measured, floor);
  } finally {
    await gateway?.stop();
    await eventStore.dispose();
    await engines.stop();
  }
};

const lineFeed = 10;

/** Counts the lines of the whole body. */
const readLines = async (api: string, token: string): Promise<number> => {
  const response = await fetch(`${api}/audit/events`, { headers: { authorization: `Bearer ${token}` } });
  if (!response.ok || !response.body) throw new Error(`The gateway answered ${response.status}`);
  let lines = 0;
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>)
    for (let at = chunk.indexOf(lineFeed); at !== -1; at = chunk.indexOf(lineFeed, at + 1)) lines += 1;
  return lines;
};

/** Every read through the gateway is an event more. */
const perSecond = async (work: () => Promise<number>): Promise<number> => {
  const begun = performance.now();
  const read = await work();
  if (read < length) throw new Error(`${read} events came instead of ${length}`);
  return read / ((performance.now() - begun) / 1000);
};
