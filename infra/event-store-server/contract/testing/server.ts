import { EventStoreDBClient } from '@eventstore/db-client';

/** The server that the contract is put to. */
export type TestedServer = Readonly<{
  client: EventStoreDBClient;
  /** A client with a connection of its own: EventStoreDB takes 100 calls over one, and clients would share one. */
  connectAnew: () => EventStoreDBClient;
  end: () => Promise<void>;
}>;

/**
 * Test-only. Connects to the server that the environment variable `EVENTSTORE_URL` names, or else to an embedded one
 * on an empty file, which `end` stops. Tests must expect that the server holds, and receives, events of others.
 */
export const connect = async (): Promise<TestedServer> => {
  const given = process.env['EVENTSTORE_URL'];
  const store = given === undefined ? await startEmbedded() : undefined;
  const url = store?.server.url ?? given ?? '';
  const clients = [EventStoreDBClient.connectionString(url)];

  const connectAnew = () => {
    // gRPC shares a connection among channels with the same options.
    const interval = `keepAliveInterval=${10_000 + clients.length}`;
    const client = EventStoreDBClient.connectionString(`${url}${url.includes('?') ? '&' : '?'}${interval}`);
    clients.push(client);
    return client;
  };

  const end = async () => {
    for (const client of clients) await client.dispose();
    await store?.end();
  };

  return { client: clients[0] as EventStoreDBClient, connectAnew, end };
};

/** Loaded only when it is needed: the contract itself knows nothing of the embedded server. */
const startEmbedded = async () => {
  const { startStore } = await import('../../testing/store.js');
  return startStore();
};
