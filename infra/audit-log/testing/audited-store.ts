import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { v4 as randomId } from 'uuid';
import { startEngines } from '../../engines/testing/engines-for-tests.js';
import { startServer } from '../../event-store-server/server.js';
import { createEventStore, type EventStore } from '../../event-store/event-store.js';
import type { NewEvent, Position } from '../../event-store/stored-event.js';
import { createPostgres, type Postgres } from '../../postgres/postgres.js';
import { ensureAuditTables } from '../log-tables.js';

/** Test-only. PostgreSQL, and embedded event stores of which each is a fresh file with an empty log. */
export type AuditedEngines = Readonly<{
  postgres: Postgres;
  openStore: () => Promise<AuditedStore>;
  end: () => Promise<void>;
}>;

export type AuditedStore = Readonly<{
  folder: string;
  url: string;
  eventStore: EventStore;
  /** Appends an event for each thing, and gives the place of the last one. */
  append: (streamId: string, ...things: readonly unknown[]) => Promise<Position>;
  /** Stops the server, has the file changed, and starts another one there, at the same address. */
  tamper: (change: (file: string) => void) => Promise<void>;
  end: () => Promise<void>;
}>;

export const startAuditedEngines = async (): Promise<AuditedEngines> => {
  const engines = await startEngines(['postgres']);
  const postgres = createPostgres(engines.env.POSTGRES_URL);
  await ensureAuditTables(postgres);
  const openStore = async () => {
    await emptyLog(postgres);
    return openAuditedStore();
  };
  const end = async () => {
    await postgres.end();
    await engines.stop();
  };
  return { postgres, openStore, end };
};

const emptyLog = async (postgres: Postgres) => {
  await postgres.query('truncate audit_entries, audit_streams, audit_nodes, audit_checkpoints, audit_verifications');
  await postgres.query(`update audit_head set size = 0, position = null, prepare = null, latest = null, peaks = ''`);
};

/** Test-only. An embedded event store of its own, of which others may change the file. */
export const openAuditedStore = async (): Promise<AuditedStore> => {
  const folder = await mkdtemp(join(tmpdir(), 'evermart-audit-'));
  const file = join(folder, 'events.db');
  let server = await startServer({ file, host: '127.0.0.1', port: 0 });
  const { port } = server;
  const eventStore = createEventStore(server.url);
  const revisions = new Map<string, number>();
  return {
    folder,
    url: server.url,
    eventStore,
    append: async (streamId, ...things) => {
      const events = things.map((thing) => newEvent(thing));
      const { revision, position } = await eventStore.append(streamId, events, revisions.get(streamId) ?? 'no_stream');
      revisions.set(streamId, revision);
      return position;
    },
    tamper: async (change) => {
      await server.stop();
      change(file);
      server = await startServer({ file, host: '127.0.0.1', port });
    },
    end: async () => {
      await eventStore.dispose();
      await server.stop();
      await rm(folder, { recursive: true });
    },
  };
};

/** Test-only. An event about something, under a correlation of its own unless one is given. */
export const newEvent = (thing: unknown, correlationId: string = randomId()): NewEvent => ({
  ...{ id: randomId(), type: 'Noted', data: { thing } },
  metadata: {
    ...{ $correlationId: correlationId, $causationId: correlationId, commandId: randomId(), actor: '(test)' },
    ...{ at: new Date().toISOString(), schemaVersion: 1, traceparent: '' },
  },
});
