import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { EventStoreDBClient } from '@eventstore/db-client';
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
