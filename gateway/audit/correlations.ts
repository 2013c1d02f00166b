import { DomainError } from '../../domains/shared/errors.js';
import type { AuditIndex, Indexed } from '../../infra/audit-log/audit-index.js';
import type { EventStore } from '../../infra/event-store/event-store.js';
import type { StoredEvent } from '../../infra/event-store/stored-event.js';

export type Correlations = Readonly<{
  /**
   * All events under a correlation id, in the order of `$all`; none where there is no such correlation.
   *
   * @throws DomainError `audit.too_many_events` where there are more than 10,000; `service.unavailable`.
   */
  eventsOf: (correlationId: string) => Promise<readonly StoredEvent[]>;
}>;

type CorrelationsParts = Readonly<{
  eventStore: Pick<EventStore, 'readStream' | 'readAll'>;
  index: Pick<AuditIndex, 'ofCorrelation'>;
  /** The most events that are given together; tests make them fewer. */
  most?: number;
}>;

/** Finds by the index what it knows already, and by a look through the store what is newer. */
export const createCorrelations = ({ eventStore, index, most = 10_000 }: CorrelationsParts): Correlations => ({
  eventsOf: async (correlationId) => {
    const { found, through } = await index.ofCorrelation(correlationId, most + 1);
    if (found.length > most) throw tooMany(most);
    const isOfIt = ({ metadata }: Pick<StoredEvent, 'metadata'>) => metadata.$correlationId === correlationId;
    const events = (await indexedEvents(eventStore, found)).filter(isOfIt);
    for await (const batch of eventStore.readAll({ after: through })) {
      for (const event of batch) if (isOfIt(event)) events.push(event);
      if (events.length > most) throw tooMany(most);
    }
    return events;
  },
});

/** So many reads of streams are under way at once. */
const readsAtOnce = 8;

/** What the index found, as the store has it now: an event that it has no longer is not among them. */
const indexedEvents = async (
  eventStore: Pick<EventStore, 'readStream'>,
  found: readonly Indexed[],
): Promise<StoredEvent[]> => {
  const runs = runsOf(found);
  const events: StoredEvent[] = [];
  for (let at = 0; at < runs.length; at += readsAtOnce) {
    const read = runs.slice(at, at + readsAtOnce).map((run) => eventsOfRun(eventStore, run));
    events.push(...(await Promise.all(read)).flat());
  }
  return events.sort((one, other) => (one.position.commit < other.position.commit ? -1 : 1));
};

/** Neighbours in one stream, first to last. */
type Run = readonly [Indexed, ...Indexed[]];

const runsOf = (found: readonly Indexed[]): readonly Run[] => {
  const runs: [Indexed, ...Indexed[]][] = [];
  const latest = new Map<string, [Indexed, ...Indexed[]]>();
  for (const each of found) {
    const run = latest.get(each.streamId);
    if (run && each.revision === run[0].revision + run.length) {
      run.push(each);
      continue;
    }
    const begun: [Indexed] = [each];
    latest.set(each.streamId, begun);
    runs.push(begun);
  }
  return runs;
};

const eventsOfRun = async (eventStore: Pick<EventStore, 'readStream'>, run: Run): Promise<readonly StoredEvent[]> => {
  const [{ streamId, revision: from }] = run;
  const events: StoredEvent[] = [];
  for await (const event of eventStore.readStream(streamId, { from, most: run.length })) {
    // A reader of a stream may not be told where in `$all` its events are.
    const position = event.position ?? run[event.revision - from]?.position;
    if (position) events.push({ ...event, position });
  }
  return events;
};

const tooMany = (most: number) =>
  new DomainError(
    'audit.too_many_events',
    `More than ${most} events have this correlation; read them with GET /audit/events?correlationId=`,
  );
