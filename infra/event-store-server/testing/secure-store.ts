import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { EventStoreDBClient } from '@eventstore/db-client';
import { hashPassword } from '../security/passwords.js';
import { withUsers } from '../log/users-of-file.js';
import { startServer, type RunningServer } from '../server.js';

/** A server with TLS, and what it takes to be its client. */
export type SecureStore = Readonly<{
  file: string;
  server: RunningServer;
  caFile: string;
  /** A client of the user; without a name, of nobody. Ended with the store. */
  client: (name?: string, password?: string) => EventStoreDBClient;
  setUser: (name: string, password: string) => Promise<void>;
  removeUser: (name: string) => void;
  end: () => Promise<void>;
}>;

/** Test-only. The user `ops` has the password `correct horse battery`. */
export const startSecureStore = async (): Promise<SecureStore> => {
  const file = join(await mkdtemp(join(tmpdir(), 'event-store-')), 'events.db');
  const setUser = async (name: string, password: string) => {
    const hash = await hashPassword(password);
    withUsers(file, (users) => users.set(name, hash));
  };
  await setUser(ops.name, ops.password);
  const server = await startServer({ file, host: '127.0.0.1', port: 0, tls: 'made' });
  const clients: EventStoreDBClient[] = [];
  const client = (name?: string, password = '') => {
    const user = name === undefined ? '' : `${name}:${encodeURIComponent(password)}@`;
    const made = EventStoreDBClient.connectionString(server.url.replace('esdb://', `esdb://${user}`));
    clients.push(made);
    return made;
  };
  const end = async () => {
    for (const each of clients) await each.dispose();
    await server.stop();
    await rm(dirname(file), { recursive: true });
  };
  const removeUser = (name: string) => void withUsers(file, (users) => users.remove(name));
  return { file, server, caFile: server.secure?.caFile as string, client, setUser, removeUser, end };
};

export const ops = { name: 'ops', password: 'correct horse battery' };
