import { eventsOf, facts } from '../../../infra/command-handling/testing/process-of-tests.js';
import { startEngines } from '../../../infra/engines/testing/engines-for-tests.js';
import { createEventStore } from '../../../infra/event-store/event-store.js';
import { createPostgres, type Postgres } from '../../../infra/postgres/postgres.js';
import type { CommandMessage, Receipt } from '../../../infra/service-bus/service-bus.js';
import { startMortalProcess, type MortalOptions, type MortalProcess } from './mortal-process.js';

/** The write side on engines of its own, for work that is cut off: processes that die beside one that is well. */
export type WriteSide = Readonly<{
  well: MortalProcess;
  start: (options?: MortalOptions) => MortalProcess;
  postgres: Postgres;
  /** Sends a new command to the process that is well. */
  send: (context: string, type: string, data: object) => Promise<Receipt>;
  /** The events of a stream as they are stored. */
  eventsOf: (streamId: string) => ReturnType<typeof eventsOf>;
  /** The types of the events of a stream. */
  typesOf: (streamId: string) => Promise<readonly string[]>;
  stop: () => Promise<void>;
}>;

export const startWriteSide = async (): Promise<WriteSide> => {
  const engines = await startEngines(['event-store', 'postgres']);
  const postgres = createPostgres(engines.env.POSTGRES_URL);
  const start = (options: MortalOptions = {}) =>
    startMortalProcess({ url: engines.env.EVENTSTORE_URL, postgres }, options);
  const well = start();
  const eventStore = createEventStore(engines.env.EVENTSTORE_URL);
  return {
    well,
    start,
    postgres,
    send: (context, type, data) => well.bus.send(context, newCommand(type, data)),
    eventsOf: (streamId) => eventsOf(eventStore, streamId),
    typesOf: async (streamId) => (await eventsOf(eventStore, streamId)).map(({ type }) => type),
    stop: async () => {
      await eventStore.dispose();
      await well.dispose();
      await postgres.end();
      await engines.stop();
    },
  };
};

/** A command that was never sent before. */
export const newCommand = (type: string, data: unknown): CommandMessage => ({ type, data, ...facts() });
