import type { Message } from '../../domains/shared/decider.js';
import type { EventSchema } from '../../domains/shared/event-schema.js';
import type { AnyAggregate } from '../../domains/shared/service.js';
import type { EventStore } from '../event-store/event-store.js';
import type { StoredEvent } from '../event-store/stored-event.js';
import { withoutPersonal } from '../security/sealing.js';

/** Where a command left its mark: its last event. */
export type Mark = Readonly<{ revision: number; position: bigint; requestHash: string | undefined }>;

/** An aggregate as its stream tells it. */
export type Loaded = Readonly<{
  state: unknown;
  /** Revision and `$all` position of the last event; `null` while there is none. */
  last: Readonly<{ revision: number; position: bigint }> | null;
  /** The commands that the events came from, by their ids. */
  commands: ReadonlyMap<string, Mark>;
}>;

/** Folds a stream, or its first `most` events. Personal fields are `null` in what deciders see. */
export const loadAggregate = async (
  eventStore: Pick<EventStore, 'readStream'>,
  { category, decider, events }: AnyAggregate,
  id: string,
  most?: number,
): Promise<Loaded> => {
  let state: unknown = decider.initial;
  let last: Loaded['last'] = null;
  const commands = new Map<string, Mark>();
  for await (const event of eventStore.readStream(`${category}-${id}`, most)) {
    state = decider.evolve(state, readable(event, events));
    last = { revision: event.revision, position: event.position.commit };
    const { commandId, requestHash } = event.metadata;
    commands.set(commandId, { ...last, requestHash });
  }
  return { state, last, commands };
};

const readable = (event: StoredEvent, schemas: Readonly<Record<string, unknown>>): Message => {
  const schema = schemas[event.type] as EventSchema<Record<string, unknown>> | undefined;
  if (!schema) throw new Error(`${event.streamId} holds ${event.type}, which this version does not know`);
  return { type: event.type, data: withoutPersonal(event, schema) };
};
