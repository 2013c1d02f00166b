import { setTimeout as wait } from 'node:timers/promises';
import type { Log } from '../../../infra/logging/log.js';
import { reachingPostgres, type Postgres } from '../../../infra/postgres/postgres.js';
import type { View } from '../view.js';
import { readChangeLog, type ChangePage } from './change-log.js';
import { createFanOut, type Subscriber } from './fan-out.js';
import { startFollower } from './follower.js';
import { createTurns } from './turns.js';

/** What happens to the rows of a view, as it happens, for many who listen. */
export type ChangeFeed<Told extends object> = Readonly<{
  /** The position up to which the view has come. @throws DomainError `service.unavailable` where PostgreSQL is away. */
  watermark: () => Promise<bigint>;
  /**
   * Delivers every change after `after`, in order of position and then key, each once, until the signal aborts or the
   * feed stops; then it resolves. What lies in the log already is read no faster than `deliver` takes it; what comes
   * later does not wait for it. While PostgreSQL is away nothing comes, and nothing is lost. It never rejects.
   */
  follow: (subscriber: Subscriber<Told>, signal: AbortSignal) => Promise<void>;
  stop: () => Promise<void>;
}>;

/** The most that read what they missed at a time: requests need connections to PostgreSQL too. */
const catchingUpAtOnce = 4;
const changesAtOnce = 100;
const againAfterMs = 1_000;

/** One reader of a view's change log for all of this process; it reads only while somebody listens. */
export const createChangeFeed = <Told extends object>(
  { postgres, log }: Readonly<{ postgres: Postgres; log: Log }>,
  view: View,
): ChangeFeed<Told> => {
  const changeLog = readChangeLog<Told>(postgres, view);
  const fanOut = createFanOut<Told>();
  const tryToRead = createTryToRead(log, view.name);
  const inTurn = createTurns(catchingUpAtOnce);
  const following = new Map<AbortController, Promise<void>>();
  let isStopped = false;
  let stopFollower: () => Promise<void> = () => Promise.resolve();
  let stopped: Promise<unknown> = Promise.resolve();

  const begin = (through: bigint) => {
    fanOut.begin(through);
    stopFollower = startFollower({ postgres, viewName: view.name, changeLog, fanOut, tryToRead });
  };

  const catchUp = async (from: Subscriber<Told>, signal: AbortSignal): Promise<Subscriber<Told> | undefined> => {
    const hasLeft = () => signal.aborted;
    for (let subscriber = from; !hasLeft();) {
      if (fanOut.join(subscriber)) return subscriber;
      const { after, key } = subscriber;
      const read = () => tryToRead(() => changeLog.changesAfter(after, changesAtOnce, key));
      const page = await inTurn(() => (signal.aborted ? Promise.resolve(undefined) : read()));
      if (page === undefined || isStuck(page, after, fanOut.through())) {
        await wait(againAfterMs, undefined, { signal }).catch(() => undefined);
        continue;
      }
      if (page.changes.length > 0) await subscriber.deliver(page.changes);
      subscriber = { ...subscriber, after: page.through };
      // Whoever has left meanwhile begins nothing: nobody would end it.
      const isFirst = !hasLeft() && fanOut.through() === undefined;
      if (isFirst && page.through >= page.watermark) begin(page.watermark);
    }
    return undefined;
  };

  const followUntil = async (signal: AbortSignal, subscriber: Subscriber<Told>) => {
    const joined = await catchUp(subscriber, signal);
    await abortOf(signal);
    if (joined && fanOut.leave(joined)) stopped = Promise.all([stopped, stopFollower()]);
  };

  return {
    watermark: () => reachingPostgres(changeLog.watermark),
    follow: async (subscriber, signal) => {
      if (signal.aborted || isStopped) return;
      const subscription = new AbortController();
      const end = () => subscription.abort();
      signal.addEventListener('abort', end);
      const followed = followUntil(subscription.signal, subscriber);
      following.set(subscription, followed);
      await followed;
      following.delete(subscription);
      signal.removeEventListener('abort', end);
    },
    stop: async () => {
      isStopped = true;
      for (const subscription of following.keys()) subscription.abort();
      await Promise.all(following.values());
      await stopped;
    },
  };
};

/** The reader of all is further than the log says that the view is: waiting is all that helps. */
const isStuck = ({ through }: ChangePage<object>, after: bigint, toldThrough: bigint | undefined): boolean =>
  through === after && toldThrough !== undefined && after < toldThrough;

const abortOf = (signal: AbortSignal): Promise<void> =>
  signal.aborted
    ? Promise.resolve()
    : new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));

/** Tells once when reading begins to fail, and once when it goes on. */
const createTryToRead = (log: Log, view: string) => {
  let isFailing = false;
  return async <Result>(read: () => Promise<Result>): Promise<Result | undefined> => {
    try {
      const result = await read();
      if (isFailing) log.info({ view }, 'The change log is read again');
      isFailing = false;
      return result;
    } catch (error) {
      if (!isFailing) log.warn({ view, err: error }, 'The change log cannot be read');
      isFailing = true;
      return undefined;
    }
  };
};
