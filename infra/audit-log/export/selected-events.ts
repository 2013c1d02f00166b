import { DomainError } from '../../../domains/shared/errors.js';
import type { EventStore } from '../../event-store/event-store.js';
import type { Position, StoredEvent, StreamEvent } from '../../event-store/stored-event.js';
import type { Postgres } from '../../postgres/postgres.js';
import { mostOfCorrelation, type AuditIndex, type Indexed } from '../audit-index.js';
import type { Checkpoint } from '../checkpoint.js';
import type { Selection } from './bundle-format.js';
import { loggedEvents, type LoggedEvent } from './logged-events.js';
import { missing, orDamaged, tampered } from './tampered.js';

export type SelectedParts = Readonly<{
  eventStore: Pick<EventStore, 'readStream' | 'readAll'>;
  postgres: Pick<Postgres, 'query'>;
  index: AuditIndex;
}>;

/** How far the log is exported, and until when anybody wants it. */
type Bounds = Readonly<{ through: Pick<Checkpoint, 'size' | 'position'>; signal: AbortSignal }>;
type Batches = AsyncGenerator<readonly LoggedEvent[], void>;

/** So many events are held against the log, and proved, at once; each may have a mebibyte. */
const mostAtOnce = 64;

/**
 * What is selected of the events up to a checkpoint, in the order of `$all`, as the store has it.
 *
 * @throws DomainError `audit.tampered` where the store does not have what the log has, or has it otherwise;
 * `audit.too_many_events` for a correlation of more than 10,000; `service.unavailable`; the reason of `signal` once that
 * is aborted.
 */
export async function* selectedEvents(parts: SelectedParts, selection: Selection, bounds: Bounds): Batches {
  try {
    yield* batchesOf(parts, selection, bounds);
  } catch (error) {
    throw orDamaged(error);
  }
}

const batchesOf = (parts: SelectedParts, selection: Selection, bounds: Bounds): Batches => {
  if ('stream' in selection) return ofStream(parts, selection.stream, bounds);
  if ('correlationId' in selection) return ofCorrelation(parts, selection.correlationId, bounds);
  return ofPeriod(parts, { from: new Date(selection.from), to: new Date(selection.to) }, bounds);
};

async function* ofStream(
  { eventStore, postgres }: SelectedParts,
  streamId: string,
  { through, signal }: Bounds,
): Batches {
  // Asked before the stream is read: what is logged by then is there to be read.
  const last = await lastRevisionOf(postgres, streamId);
  let batch: StoredEvent[] = [];
  let [next, isBeyond] = [0, false];
  for await (const event of eventStore.readStream(streamId)) {
    if (event.revision !== next) throw missing(`of stream ${streamId} from revision ${next} on`);
    next += 1;
    const placed = withPosition(event);
    isBeyond = placed.position.commit > through.position;
    if (isBeyond) {
      // Where the log has it there, what follows lies further still; one that was moved there is told by its digest.
      if (event.revision <= last) await loggedEvents(postgres, [placed]);
      break;
    }
    batch.push(placed);
    if (batch.length < mostAtOnce) continue;
    signal.throwIfAborted();
    yield await loggedEvents(postgres, batch);
    batch = [];
  }
  if (!isBeyond && next <= last) throw missing(`of stream ${streamId} from revision ${next} on`);
  if (batch.length > 0) yield await loggedEvents(postgres, batch);
}

/** EventStoreDB has told it to those who read streams since its version 22.6. */
const withPosition = ({ position, ...event }: StreamEvent): StoredEvent => {
  if (position === null) throw new Error('The event store does not tell the positions of the events of a stream');
  return { ...event, position };
};

/** −1 where the log does not list the stream. */
const lastRevisionOf = async (postgres: SelectedParts['postgres'], streamId: string): Promise<number> => {
  const { rows } = await postgres.query<Readonly<{ last_revision: bigint }>>(
    'select last_revision from audit_streams where stream = $1',
    [streamId],
  );
  return Number(rows[0]?.last_revision ?? -1);
};

/** So many reads of single events are under way at once. */
const readsAtOnce = 8;

async function* ofCorrelation(
  { eventStore, postgres, index }: SelectedParts,
  correlationId: string,
  { through, signal }: Bounds,
): Batches {
  const { found } = await index.ofCorrelation(correlationId, mostOfCorrelation + 1);
  if (found.length > mostOfCorrelation)
    throw new DomainError(
      'audit.too_many_events',
      `More than ${mostOfCorrelation} events have this correlation; export their streams, or their period`,
    );
  const inLog = found.filter(({ position }) => position.commit <= through.position);
  for (let at = 0; at < inLog.length; at += readsAtOnce) {
    signal.throwIfAborted();
    yield await loggedEvents(
      postgres,
      await Promise.all(inLog.slice(at, at + readsAtOnce).map((each) => eventAt(eventStore, each))),
    );
  }
}

/** The log has said where it is: one that is not there, or elsewhere, was there once. */
const eventAt = async (eventStore: Pick<EventStore, 'readStream'>, place: Indexed): Promise<StoredEvent> => {
  const { streamId, revision: from, position } = place;
  for await (const event of eventStore.readStream(streamId, { from, most: 1 })) {
    // One whose position is not told is told by its digest where it was moved.
    const { commit } = event.position ?? position;
    if (event.revision === from && commit === position.commit) return { ...event, position };
  }
  throw tampered(place);
};

/**
 * The clock of the store may be put right, and be another's after a change of leader. What is stored so much after a period
 * lies behind it, and where so many events in a row do, no more of it is looked for: a few of them may come of a clock that
 * was wrong for a while.
 */
const clocksDifferByMs = 60 * 60 * 1_000;
const behindInARow = 1_000;

async function* ofPeriod(
  { eventStore, postgres, index }: SelectedParts,
  { from, to }: Readonly<{ from: Date; to: Date }>,
  { through, signal }: Bounds,
): Batches {
  const behind = new Date(to.getTime() + clocksDifferByMs);
  let inARow = 0;
  const after = await index.before(from);
  let next = after === null ? 0 : (await indexAt(postgres, after)) + 1;
  for await (const read of eventStore.readAll({ after })) {
    for (let at = 0; at < read.length; at += mostAtOnce) {
      signal.throwIfAborted();
      const upTo = read.slice(at, at + mostAtOnce).filter(({ position }) => position.commit <= through.position);
      const logged = await loggedEvents(postgres, upTo);
      for (const { event, index: number } of logged) {
        if (number !== next) throw missing(`before position ${event.position.commit}`);
        next += 1;
        inARow = event.created >= behind ? inARow + 1 : 0;
      }
      // All are held against the log, also those that say that they are of another time: one of them may have been made to.
      const wanted = logged.filter(({ event: { created } }) => created >= from && created < to);
      if (wanted.length > 0) yield wanted;
      if (inARow >= behindInARow) return;
    }
    if ((read.at(-1)?.position.commit ?? 0n) >= through.position) break;
  }
  if (next < through.size) throw missing(`at the end, after ${next} of ${through.size}`);
}

const indexAt = async (postgres: SelectedParts['postgres'], { commit }: Position): Promise<number> => {
  const { rows } = await postgres.query<Readonly<{ index: bigint }>>(
    'select index from audit_entries where position = $1',
    [commit],
  );
  return Number(rows[0]?.index ?? -1);
};
