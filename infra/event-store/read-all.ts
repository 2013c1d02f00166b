import {
  BACKWARDS,
  END,
  eventTypeFilter,
  FORWARDS,
  START,
  streamNameFilter,
  type AllStreamRecordedEvent,
  type EventStoreDBClient,
  type Filter,
  type ReadAllOptions,
  type SubscribeToAllOptions,
} from '@eventstore/db-client';
import type { Readable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { isDamage, upToDamage } from './damaged-log.js';
import { stored, unavailable } from './recorded.js';
import type { Position, StoredEvent } from './stored-event.js';

/** Which events of `$all` to read: after a position, or from the beginning; of one category, of one type. */
export type AllPart = Readonly<{ after: Position | null; category?: string | undefined; type?: string | undefined }>;

/** So many events are taken from the store before whoever reads is done with those they have. */
const readAhead = 128;

/** The store says after so many events of a filtered read how far it has come; it counts them in windows of 32. */
const windowsBetweenSigns = 64;

/**
 * The events up to what was the last one when it was asked, in batches as they come; a batch is empty where the store has
 * only looked further. Streams whose names begin with `$` are left out. No more is taken from the store while a batch is
 * being dealt with, and leaving it ends the call.
 *
 * @throws DomainError `service.unavailable` when the store goes away; DamagedLog, after all events before it, where the
 * store says that an event does not read as it was written.
 */
export const readAll = (client: EventStoreDBClient, part: AllPart): AsyncIterable<readonly StoredEvent[]> => ({
  [Symbol.asyncIterator]: () => {
    const leaving = new AbortController();
    const batches = batchesOf(client, part, leaving.signal);
    return {
      next: () => batches.next(),
      // The generator alone would wait for what comes next, and the client would keep the call.
      return: () => {
        leaving.abort();
        return batches.return(undefined);
      },
    };
  },
});

async function* batchesOf(
  client: EventStoreDBClient,
  part: AllPart,
  left: AbortSignal,
): AsyncGenerator<readonly StoredEvent[]> {
  const { after, category, type } = part;
  const until = await lastPosition(client);
  if (until === null || (after !== null && after.commit >= until.commit)) return;
  const isWanted = (event: StoredEvent) =>
    (category === undefined || event.category === category) &&
    (type === undefined || event.type === type) &&
    !event.streamId.startsWith('$') &&
    event.position.commit > (after?.commit ?? -1n);
  const call = category === undefined && type === undefined ? callForAll(client, part) : callForSome(client, part);
  let last = after;
  try {
    for await (const { events, through } of comingFrom(call, left)) {
      const found = events.map(stored);
      last = found.at(-1)?.position ?? last;
      const beyond = found.findIndex(({ position }) => position.commit > until.commit);
      yield (beyond === -1 ? found : found.slice(0, beyond)).filter(isWanted);
      if (beyond !== -1 || (through !== null && through.commit >= until.commit)) return;
    }
  } catch (error) {
    if (!isDamage(error)) throw unavailable(error);
    for await (const event of upToDamage(client, last)) yield [event].filter(isWanted);
  }
}

/** The position of the last event of the store; `null` while it is empty. @throws DomainError while it is away. */
export const lastPosition = async (client: EventStoreDBClient): Promise<Position | null> => {
  let last: Position | null = null;
  try {
    const read = client.readAll({ direction: BACKWARDS, fromPosition: END, maxCount: 1, ...soon });
    for await (const { event } of read) last = event?.position ?? null;
    return last;
  } catch (error) {
    throw unavailable(error);
  }
};

/** For reads that are short, and believed to show what is there now: a follower may lag behind. */
export const soon = { requiresLeader: true, deadline: 10_000 };

/** A call that is under way; `through` tells how far the store has looked, where it says so. */
type Call = Readonly<{ stream: Readable; end: () => Promise<void>; through: () => Position | null }>;

/** One streaming read: nothing is quicker. */
const callForAll = (client: EventStoreDBClient, { after }: AllPart): Call => {
  const options: ReadAllOptions = { direction: FORWARDS, fromPosition: after ?? START, requiresLeader: true };
  const read = client.readAll(options, { highWaterMark: readAhead });
  return { stream: read as unknown as Readable, end: () => read.cancel(), through: () => null };
};

/** A read of the client knows no filter, a subscription does: it is ended where it would wait for what is yet to come. */
const callForSome = (client: EventStoreDBClient, { after, category, type }: AllPart): Call => {
  let through: Position | null = null;
  const looked: Pick<Filter, 'checkpointInterval' | 'checkpointReached'> = {
    checkpointInterval: windowsBetweenSigns,
    checkpointReached: (_, position) => {
      through = position;
      stream.emit('looked');
    },
  };
  // Where both are asked for, the type leaves less to pass by here.
  const filter =
    type === undefined
      ? streamNameFilter({ ...looked, prefixes: [`${category ?? ''}-`] })
      : eventTypeFilter({ ...looked, prefixes: [type] });
  const options: SubscribeToAllOptions = { filter, fromPosition: after ?? START, requiresLeader: true };
  const subscription = client.subscribeToAll(options, { highWaterMark: readAhead });
  const stream = subscription as unknown as Readable;
  return { stream, end: () => subscription.unsubscribe(), through: () => through };
};

type Come = Readonly<{ events: readonly AllStreamRecordedEvent[]; through: Position | null }>;

async function* comingFrom({ stream, end, through }: Call, left: AbortSignal): AsyncGenerator<Come> {
  const failures: unknown[] = [];
  let isOver = false as boolean;
  let heard = 0;
  let wake: () => void = () => undefined;
  // It may come while whoever reads deals with a batch, and would be waited for in vain afterwards.
  const tell = () => {
    heard += 1;
    wake();
  };
  const over = () => {
    isOver = true;
    tell();
  };
  // Listens for as long as the call lives: it may fail once more while it is ended.
  stream.on('error', (error) => {
    failures.push(error);
    tell();
  });
  // A subscription tells that it has caught up once all that was there has come.
  stream.on('end', over).on('caughtUp', over);
  stream.on('readable', tell).on('looked', tell);
  left.addEventListener('abort', over);
  try {
    while (!left.aborted) {
      // What has come together is decoded one by one: a turn of the event loop later all of it is there.
      await nextTurn();
      const wasOver = isOver;
      const heardBefore = heard;
      const looked = through();
      yield { events: taken(stream), through: looked };
      if (failures.length > 0) throw failures[0];
      if (heard !== heardBefore || stream.readableLength > 0) continue;
      if (wasOver) return;
      await new Promise<void>((resolve) => (wake = resolve));
    }
  } finally {
    // Rejects where there never was a call.
    end().catch(() => undefined);
    passOver(stream);
  }
}

/** Takes what has come of a call that was left, and drops it: the client forgets no call before. */
export const passOver = (stream: Readable): void => void stream.removeAllListeners('readable').resume();

const taken = (stream: Readable): readonly AllStreamRecordedEvent[] => {
  const events: AllStreamRecordedEvent[] = [];
  for (;;) {
    const item = stream.read() as Readonly<{ event?: AllStreamRecordedEvent }> | null;
    if (item === null) return events;
    if (item.event) events.push(item.event);
  }
};
