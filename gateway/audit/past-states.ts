import { DomainError, isDomainError } from '../../domains/shared/errors.js';
import type { AnyAggregate } from '../../domains/shared/service.js';
import { after, unread, type Loaded } from '../../infra/command-handling/loaded.js';
import type { EventStore } from '../../infra/event-store/event-store.js';
import { categoryOf, type StreamEvent } from '../../infra/event-store/stored-event.js';
import { plainJson, type Json } from './plain-json.js';

/** A point in a stream's past: just after the event of a revision, or of the last one that was stored by an instant. */
export type PastPoint = Readonly<{ revision: number }> | Readonly<{ at: Date }>;

/** An aggregate as it was just after an event, and when that was stored. Personal fields are `null`, as deciders see them. */
export type PastState = Readonly<{ revision: number; at: Date; state: Json }>;

/**
 * Folds a stream up to a point, with the decider and the upcasters of its aggregate.
 *
 * @throws DomainError `audit.no_such_stream`; `audit.beyond_the_end` where there was no event yet or there is none of that
 * revision; `audit.unreadable_event` where somebody has stored what this version does not know; `service.unavailable`.
 */
export type PastStates = (stream: string, point: PastPoint) => Promise<PastState>;

type PastStatesParts = Readonly<{ eventStore: Pick<EventStore, 'readStream'>; aggregates: readonly AnyAggregate[] }>;

export const createPastStates =
  ({ eventStore, aggregates }: PastStatesParts): PastStates =>
  async (stream, point) => {
    const aggregate = aggregates.find(({ category }) => category === categoryOf(stream));
    if (!aggregate) throw noSuchStream(stream);
    let folded: Readonly<{ loaded: Loaded; last: StreamEvent }> | undefined;
    let isThere = false;
    for await (const event of eventStore.readStream(stream, 'revision' in point ? { most: point.revision + 1 } : {})) {
      isThere = true;
      if ('at' in point && event.created > point.at) break;
      folded = { loaded: next(aggregate, folded?.loaded ?? unread(aggregate), event), last: event };
    }
    if (!isThere) throw noSuchStream(stream);
    if (!folded || ('revision' in point && folded.last.revision < point.revision)) throw beyondTheEnd(stream);
    const { revision, created } = folded.last;
    return { revision, at: created, state: plainJson(folded.loaded.state) };
  };

const next = (aggregate: AnyAggregate, loaded: Loaded, event: StreamEvent): Loaded => {
  try {
    return after(aggregate, loaded, event);
  } catch (error) {
    if (isDomainError(error)) throw error;
    const detail = `Event ${event.revision} of ${event.streamId} is none that this version knows`;
    throw Object.assign(new DomainError('audit.unreadable_event', detail), { cause: error });
  }
};

export const noSuchStream = (stream: string) => new DomainError('audit.no_such_stream', `There is no stream ${stream}`);

const beyondTheEnd = (stream: string) =>
  new DomainError(
    'audit.beyond_the_end',
    `${stream} had no such event then; ask for an earlier revision or a later time`,
  );
