import { DomainError } from '../../domains/shared/errors.js';
import { mostOfCorrelation, type AuditIndex, type Indexed } from '../../infra/audit-log/audit-index.js';
import type { EventStore } from '../../infra/event-store/event-store.js';
import type { Position, StoredEvent } from '../../infra/event-store/stored-event.js';
import { tellingDamage } from './damage.js';

export type Correlations = Readonly<{
  /**
   * All events under correlation ids, in the order of `$all`; none of those that there are not. It reads no further once
   * `over` aborts, and throws its reason.
   *
   * @throws DomainError `audit.too_many_events` where there are more than 10,000; `audit.index_behind` where more than
   * that are not in the index yet; `audit.tampered` where one of those that are read is damaged; `service.unavailable`.
   */
  eventsOf: (correlationIds: readonly string[], over: AbortSignal) => Promise<readonly StoredEvent[]>;
}>;

type CorrelationsParts = Readonly<{
  eventStore: Pick<EventStore, 'readStream' | 'readAll'>;
  index: Pick<AuditIndex, 'ofCorrelation'>;
  /** The most events that are given together; tests make them fewer. */
  most?: number;
}>;

/** Finds by the index what it knows already, and by a look through the store what is newer. */
export const createCorrelations = ({
  eventStore,
  index,
  most = mostOfCorrelation,
}: CorrelationsParts): Correlations => ({
  eventsOf: async (correlationIds, over) => {
    const store = tellingDamage(eventStore);
    const wanted = new Set(correlationIds);
    const known = await Promise.all([...wanted].map((id) => index.ofCorrelation(id, most + 1)));
    // The index grows while it is asked: what lies beyond the shortest answer is read from the store, once for all.
    const through = earliest(known.map((each) => each.through));
    const found = known.flatMap((each) => each.found).filter(({ position }) => isThrough(through, position));
    if (found.length > most) throw tooMany(most);
    const isWanted = ({ metadata }: Pick<StoredEvent, 'metadata'>) => wanted.has(metadata.$correlationId);
    const events = (await indexedEvents(store, found, over)).filter(isWanted);
    let looked = 0;
    for await (const batch of store.readAll({ after: through })) {
      over.throwIfAborted();
      looked += batch.length;
      if (looked > mostBeyondIndex) throw indexBehind();
      events.push(...batch.filter(isWanted));
      if (events.length > most) throw tooMany(most);
    }
    return events;
  },
});

/** The lowest of several places; `null` is the beginning. */
const earliest = (places: readonly (Position | null)[]): Position | null =>
  places.reduce((a, b) => (a === null || b === null ? null : a.commit < b.commit ? a : b), places[0] ?? null);

const isThrough = (through: Position | null, { commit }: Position) => through !== null && commit <= through.commit;

/** So many events are looked through for each who asks: more wait only where there has been no auditor for long. */
const mostBeyondIndex = 10_000;

/** So many reads of streams are under way at once. */
const readsAtOnce = 8;

/** What the index found, as the store has it now: an event that it has no longer is not among them. */
const indexedEvents = async (
  eventStore: Pick<EventStore, 'readStream'>,
  found: readonly Indexed[],
  over: AbortSignal,
): Promise<StoredEvent[]> => {
  const runs = runsOf(found);
  const events: StoredEvent[] = [];
  for (let at = 0; at < runs.length; at += readsAtOnce) {
    over.throwIfAborted();
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

const indexBehind = () =>
  new DomainError(
    'audit.index_behind',
    `More than ${mostBeyondIndex} events are not in the audit log yet: see to it that an auditor runs, and ask again ` +
      'once it has caught up; GET /audit/events?correlationId= looks through the whole log meanwhile',
  );

const tooMany = (most: number) =>
  new DomainError(
    'audit.too_many_events',
    `More than ${most} events have this correlation; read them with GET /audit/events?correlationId=`,
  );
