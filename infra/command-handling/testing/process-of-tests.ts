import { pino } from 'pino';
import { v4 as randomId } from 'uuid';
import { createEventStore, type EventStore, type StreamPart } from '../../event-store/event-store.js';
import type { StreamEvent } from '../../event-store/stored-event.js';
import type { Postgres } from '../../postgres/postgres.js';
import { createPersonalKeys } from '../../security/personal-keys.js';
import { newTraceparent } from '../../telemetry/tracing.js';
import { createAggregates, type Aggregates } from '../aggregates.js';
import { createCommandHandler, type CommandHandler } from '../command-handler.js';
import type { StepFacts } from '../new-events.js';
import { createSnapshots, type Snapshots } from '../snapshots.js';

/** Command handling as one process has it, and how often it read and wrote. */
export type ProcessOfTests = Readonly<{
  handler: CommandHandler;
  aggregates: Aggregates;
  snapshots: Snapshots;
  eventStore: EventStore;
  /** The revisions from which streams were read, since it was last asked. */
  reads: () => readonly number[];
  dispose: () => Promise<void>;
}>;

/** `beforeItIsTold` is waited for whenever a stream was read, before its events are told. */
export const startProcessOfTests = (
  url: string,
  postgres: Postgres,
  beforeItIsTold?: () => Promise<void>,
): ProcessOfTests => {
  const eventStore = createEventStore(url);
  const personalKeys = createPersonalKeys({ postgres, masterKey: 'ab'.repeat(32) });
  const snapshots = createSnapshots({ postgres, log: pino({ level: 'silent' }) });
  let reads: number[] = [];
  const counting = {
    ...eventStore,
    readStream: (streamId: string, part: StreamPart = {}) => {
      reads.push(part.from ?? 0);
      return beforeItIsTold
        ? told(eventStore.readStream(streamId, part), beforeItIsTold)
        : eventStore.readStream(streamId, part);
    },
  };
  const aggregates = createAggregates({ eventStore: counting, personalKeys, snapshots });
  return {
    handler: createCommandHandler({ eventStore, aggregates, personalKeys }),
    aggregates,
    snapshots,
    eventStore,
    reads: () => {
      const made = reads;
      reads = [];
      return made;
    },
    dispose: () => eventStore.dispose(),
  };
};

async function* told(events: AsyncIterable<StreamEvent>, beforeItIsTold: () => Promise<void>) {
  const read: StreamEvent[] = [];
  for await (const event of events) read.push(event);
  await beforeItIsTold();
  yield* read;
}

/** The facts of a new command. */
export const facts = (over: Partial<StepFacts> = {}): StepFacts => ({
  at: new Date().toISOString(),
  commandId: randomId(),
  correlationId: randomId(),
  actor: '(test)',
  traceparent: newTraceparent(),
  ...over,
});

export const eventsOf = async (eventStore: EventStore, streamId: string): Promise<readonly StreamEvent[]> => {
  const events: StreamEvent[] = [];
  for await (const event of eventStore.readStream(streamId)) events.push(event);
  return events;
};
