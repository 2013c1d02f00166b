import { EventStoreDBClient } from '@eventstore/db-client';
import { startEnginesApart } from '../../engines/engines-apart.js';
import { createEventStore } from '../../event-store/event-store.js';
import { compare, inRounds, type Measurement } from '../rounds.js';
import { startGateway, type GatewayProcess } from './gateway-process.js';
import { appendOrders } from './order-events.js';

const length = 100_000;
const rounds = 7;
const floor = 0.6;

/** Reading 100,000 events as lines from the gateway, beside reading them from the store with the client alone. */
export const measureReading = async (report: (line: string) => void): Promise<Measurement> => {
  const engines = await startEnginesApart(['event-store', 'postgres']);
  const url = engines.env['EVENTSTORE_URL'] ?? '';
  const eventStore = createEventStore(url);
  let gateway: GatewayProcess | undefined;
  try {
    report(`appending ${length} events`);
    await appendOrders(eventStore, length);
    const reached = await startGateway(engines.env);
    gateway = reached;
    const works = { figure: () => readLines(reached), ceiling: () => readBare(url) };
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
const readLines = async ({ url, accessToken }: GatewayProcess): Promise<number> => {
  const response = await fetch(`${url}/api/v1/audit/events`, { headers: { authorization: `Bearer ${accessToken}` } });
  if (!response.ok || !response.body) throw new Error(`The gateway answered ${response.status}`);
  let lines = 0;
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>)
    for (let at = chunk.indexOf(lineFeed); at !== -1; at = chunk.indexOf(lineFeed, at + 1)) lines += 1;
  return lines;
};

const readBare = async (url: string): Promise<number> => {
  const client = EventStoreDBClient.connectionString(url);
  let read = 0;
  await new Promise<void>((resolve, reject) => {
    client
      .readAll()
      .on('data', ({ event }) => {
        if (event && !event.streamId.startsWith('$')) read += 1;
      })
      .on('error', reject)
      .on('end', resolve);
  });
  await client.dispose();
  return read;
};

/** Every read through the gateway is an event more. */
const perSecond = async (work: () => Promise<number>): Promise<number> => {
  const begun = performance.now();
  const read = await work();
  if (read < length) throw new Error(`${read} events came instead of ${length}`);
  return read / ((performance.now() - begun) / 1000);
};
