import type { AnyAggregate } from '../../domains/shared/service.js';
import type { StreamEvent } from '../event-store/stored-event.js';
import { withoutPersonal } from '../security/sealing.js';
import { presentEvent } from './readable-event.js';
import { createRecentCommands, type RecentCommands } from './recent-commands.js';

/** An aggregate as its stream tells it, up to some revision. */
export type Loaded = Readonly<{
  state: unknown;
  /** The last event; `null` while there is none. Its commit position is `null` where it is not known. */
  last: Readonly<{ revision: number; position: bigint | null; eventId: string }> | null;
  /** The latest commands that the events came from. */
  commands: RecentCommands;
  /** Revision of the latest snapshot; -1 without one. */
  snapshotAt: number;
}>;

/** What is known of a stream of which nothing is known: that it may be empty. */
export const unread = ({ decider }: AnyAggregate): Loaded => ({
  state: decider.initial,
  last: null,
  commands: createRecentCommands(),
  snapshotAt: -1,
});

/** What an aggregate needs of an event. */
export type EventOfStream = Omit<StreamEvent, 'category' | 'created'>;

/**
 * The aggregate after one more event of its stream. Personal fields are `null` in what deciders see.
 *
 * @throws Error where this code does not know the event.
 */
export const after = (
  aggregate: AnyAggregate,
  { state, commands, snapshotAt }: Loaded,
  stored: EventOfStream,
): Loaded => {
  const { event, schema } = presentEvent(stored, aggregate);
  const last = {
    revision: stored.revision,
    position: stored.position?.commit ?? null,
    eventId: stored.id,
  };
  const { commandId, requestHash } = stored.metadata;
  commands.add(commandId, { revision: last.revision, position: last.position, requestHash });
  const data = withoutPersonal(event, schema);
  return { state: aggregate.decider.evolve(state, { type: event.type, data }), last, commands, snapshotAt };
};

/** The name of an aggregate's stream. */
export const streamOf = ({ category }: AnyAggregate, id: string) => `${category}-${id}`;

/** The revision up to which an aggregate is known; -1 where its stream may be empty. */
export const revisionOf = ({ last }: Loaded) => last?.revision ?? -1;
