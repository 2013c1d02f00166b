import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { EventStoreDBClient, jsonEvent, type ResolvedEvent } from '@eventstore/db-client';
import { startServer, type RunningServer } from '../server.js';

/** A server on a file of its own, and a client of it. */
export type TestStore = Readonly<{
  file: string;
  server: RunningServer;
  client: EventStoreDBClient;
  end: () => Promise<void>;
}>;

/** Test-only. Without a file it makes a new one; `end` removes it. */
export const startStore = async (given?: string): Promise<TestStore> => {
  const file = given ?? join(await mkdtemp(join(tmpdir(), 'event-store-')), 'events.db');
  const server = await startServer({ file, host: '127.0.0.1', port: 0 });
  const client = EventStoreDBClient.connectionString(server.url);
  const end = async () => {
    await client.dispose();
    await server.stop();
    await rm(dirname(file), { recursive: true });
  };
  return { file, server, client, end };
};

/** Events of type `Counted` with the numbers from `first` on. */
export const counted = (count: number, first = 0) =>
  Array.from({ length: count }, (_, index) => jsonEvent({ type: 'Counted', data: { number: first + index } }));

export const numbersOf = (events: readonly ResolvedEvent[]) =>
  events.map(({ event }) => (event?.data as { number: number }).number);

export const collect = async (events: AsyncIterable<ResolvedEvent>): Promise<ResolvedEvent[]> => {
  const all: ResolvedEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
};

/** The next events of a subscription. Leaves it open. */
export const take = (events: NodeJS.EventEmitter, count: number): Promise<ResolvedEvent[]> =>
  new Promise((resolve, reject) => {
    const taken: ResolvedEvent[] = [];
    const onData = (event: ResolvedEvent) => {
      taken.push(event);
      if (taken.length < count) return;
      events.off('data', onData);
      resolve(taken);
    };
    events.on('data', onData);
    events.once('error', reject);
  });
