import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { EventStoreDBClient, jsonEvent } from '@eventstore/db-client';
import { compare, inRounds, type Measurement } from '../rounds.js';
import { startEventStore, startStub } from './server-process.js';

const length = 10_000;

/** How many events a second the client gets when it reads 10,000 of a stream, oldest first. */
const readsPerSecond = async (url: string, stream: string): Promise<number> => {
  const client = EventStoreDBClient.connectionString(url);
  const begun = performance.now();
  let read = 0;
  for await (const { event } of client.readStream(stream, { maxCount: length })) if (event) read += 1;
  const perSecond = read / ((performance.now() - begun) / 1000);
  await client.dispose();
  if (read !== length) throw new Error(`${read} events came instead of ${length}`);
  return perSecond;
};

const fill = async (url: string, stream: string) => {
  const client = EventStoreDBClient.connectionString(url);
  const text = 'x'.repeat(280);
  for (let first = 0; first < length; first += 500) {
    const events = Array.from({ length: 500 }, (_, index) =>
      jsonEvent({ type: 'Counted', data: { number: first + index, text } }),
    );
    await client.appendToStream(stream, events);
  }
  await client.dispose();
};

/** Reading a stream of 10,000 events, beside a server that sends one canned event as often. */
export const measureReads = async (folder: string, report: (line: string) => void): Promise<Measurement> => {
  const [stub, store] = await Promise.all([startStub(), startEventStore(join(folder, 'reads.db'))]);
  const stream = `bench-${randomUUID()}`;
  try {
    await fill(store.url, stream);
    for (const { url } of [stub, store, stub, store]) await readsPerSecond(url, stream);
    report(`reading ${length} events`);
    const rounds = await inRounds(
      9,
      async () => ({
        figure: await readsPerSecond(store.url, stream),
        ceiling: await readsPerSecond(stub.url, stream),
      }),
      report,
    );
    return compare('reading 10,000 events, beside the stub', rounds, 0.8);
  } finally {
    await Promise.all([stub.stop(), store.stop()]);
  }
};
