import {
  jsonEvent,
  StreamDeletedError,
  StreamNotFoundError,
  type EventStoreDBClient,
  type ResolvedEvent,
} from '@eventstore/db-client';
import { seenOf } from './load.js';
import type { Change, Journal, Place, Seen } from './journal.js';

/** Acknowledged events are not where they were, or what is there is not whole. */
export class EventsLost extends Error {
  override readonly name = 'EventsLost';
}

const tombstone = 2n ** 63n - 1n;

/**
 * Reads all that a server has and compares it with what was there before, what was asked for and answered since, and
 * what readers had got. What nobody was told of may be there or not; an append is there as a whole or not at all.
 *
 * @returns all that is there.
 * @throws EventsLost at the first thing that is wrong.
 */
export const verify = async (
  client: EventStoreDBClient,
  before: readonly Seen[],
  journal: Journal,
): Promise<readonly Seen[]> => {
  const all = (await collect(client.readAll())).map(seenOf);
  all.forEach(({ position }, index) => insist(position === index + 1, `a hole in $all at position ${index + 1}`));
  before.forEach((event, index) => insist(isSame(event, all[index]), `${nameOf(event)} was there before and is gone`));
  const byStream = groupByStream(all);
  for (const [stream, events] of byStream) verifyRevisions(stream, events);
  verifyChanges(all, before.length, journal);
  for (const event of journal.seen())
    insist(isSame(event, all[event.position - 1]), `${nameOf(event)} was delivered to a subscription and is gone`);
  for (const [stream, events] of byStream) await verifyStream(client, stream, events, byStream);
  await verifyRepeats(client, journal, all.length);
  return all;
};

const insist: (isTrue: boolean, otherwise: string) => asserts isTrue = (isTrue, otherwise) => {
  if (!isTrue) throw new EventsLost(otherwise);
};

const groupByStream = (all: readonly Seen[]): ReadonlyMap<string, readonly Seen[]> => {
  const byStream = new Map<string, Seen[]>();
  for (const event of all) byStream.set(event.stream, [...(byStream.get(event.stream) ?? []), event]);
  return byStream;
};

const verifyRevisions = (stream: string, events: readonly Seen[]) =>
  events.forEach(({ revision, type }, index) =>
    insist(
      revision === BigInt(index) ||
        (type === '$streamDeleted' && revision === tombstone && index === events.length - 1),
      `a hole in stream ${stream} at revision ${index}: there is ${revision}`,
    ),
  );

const verifyChanges = (all: readonly Seen[], known: number, journal: Journal) => {
  const places = new Map(all.map(({ id, position }) => [id, position]));
  insist(places.size === all.length, 'an event is there more than once');
  const explained = new Set<number>();
  for (const [change, place] of journal.asked()) {
    const positions = 'ids' in change ? positionsOf(change, place, places) : endOf(change, place, all);
    verifyPlaces(change, place, positions, all);
    for (const position of positions) explained.add(position);
  }
  const unanswered = journal.asked().filter(([change, place]) => !('ids' in change) && !place);
  for (const event of all.slice(known)) {
    if (explained.has(event.position)) continue;
    const isEnd = unanswered.some(([change]) => 'type' in change && isOf(change, event));
    insist(isEnd, `${nameOf(event)} is there, but nobody has asked for it`);
  }
};

const positionsOf = (
  { stream, ids }: Extract<Change, { ids: readonly string[] }>,
  place: Place | undefined,
  places: ReadonlyMap<string, number>,
): readonly number[] => {
  const positions = ids.map((id) => places.get(id)).filter((position) => position !== undefined);
  const what = `an append of ${ids.length} events to ${stream}`;
  insist(positions.length === 0 || positions.length === ids.length, `only ${positions.length} are there of ${what}`);
  insist(!place || positions.length > 0, `${what} was acknowledged and is gone`);
  positions.forEach((position, index) =>
    insist(position === (positions[0] ?? 0) + index, `${what} is there, but not in order`),
  );
  return positions;
};

const endOf = (change: Change, place: Place | undefined, all: readonly Seen[]): readonly number[] => {
  const event = place && all[place.position - 1];
  insist(
    !place || (event !== undefined && isOf(change, event)),
    `the end of ${change.stream} was acknowledged and is gone`,
  );
  return place ? [place.position] : [];
};

const isOf = (change: Change, { stream, type }: Seen) =>
  change.stream === stream && 'type' in change && change.type === type;

const verifyPlaces = (
  { stream }: Change,
  place: Place | undefined,
  positions: readonly number[],
  all: readonly Seen[],
) => {
  if (!place) return;
  const last = all[(positions.at(-1) ?? 0) - 1];
  insist(last?.stream === stream, `what was appended to ${stream} lies in ${last?.stream}`);
  insist(last.position === place.position, `an answer said ${place.position}, but ${nameOf(last)} is there`);
  insist(
    place.revision === undefined || place.revision === last.revision,
    `an answer said revision ${place.revision}, but ${nameOf(last)} is there`,
  );
};

/** By the indexes, which know a stream's events in another way than the log does. */
const verifyStream = async (
  client: EventStoreDBClient,
  stream: string,
  events: readonly Seen[],
  byStream: ReadonlyMap<string, readonly Seen[]>,
) => {
  const end = (byStream.get(stream.replace(/^\$\$/, '')) ?? []).at(-1);
  const metadata = byStream.get(`$$${stream}`)?.length ?? 0;
  const read = await collect(client.readStream(stream)).catch((error: unknown) => {
    insist(
      error instanceof StreamDeletedError
        ? end?.type === '$streamDeleted'
        : error instanceof StreamNotFoundError && metadata > 1,
      `stream ${stream} cannot be read: ${String(error)}`,
    );
    return undefined;
  });
  if (!read) return;
  // Metadata streams show their last event, and ending streams their last ten.
  const visible = stream.startsWith('$$') ? events.slice(-1) : metadata > 0 ? events.slice(-10) : events;
  insist(read.length === visible.length, `stream ${stream} shows ${read.length} of ${visible.length} events`);
  read.forEach(({ event }, index) =>
    insist(event?.id === visible[index]?.id, `stream ${stream} shows other events than $all`),
  );
};

/** Whoever was not told of an append may ask for it again: its ids say that it was done. */
const verifyRepeats = async (client: EventStoreDBClient, journal: Journal, last: number) => {
  const appends = journal.asked().filter(([{ stream }, place]) => place && !stream.includes('ending-'));
  for (const [change, place] of [appends[0], appends[Math.floor(appends.length / 2)], appends.at(-1)].flatMap(
    (append) => (append ? [append] : []),
  )) {
    if (!('ids' in change)) continue;
    const events = change.ids.map((id) => jsonEvent({ id, type: 'Counted', data: {} }));
    const { position } = await client.appendToStream(change.stream, events, { expectedRevision: 'any' });
    insist(Number(position?.commit) === place?.position, `a repeated append to ${change.stream} is not known any more`);
  }
  const [newest] = await collect(client.readAll({ direction: 'backwards', fromPosition: 'end', maxCount: 1 }));
  insist(Number(newest?.commitPosition ?? 0) === last, 'a repeated append was done twice');
};

const isSame = (one: Seen, other: Seen | undefined) =>
  one.position === other?.position &&
  one.id === other.id &&
  one.stream === other.stream &&
  one.revision === other.revision &&
  one.type === other.type;

const nameOf = ({ position, stream, revision, type }: Seen) => `${type} ${revision}@${stream} at position ${position}`;

const collect = async (events: AsyncIterable<ResolvedEvent>) => {
  const all: ResolvedEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
};
