import { listenTo } from '../../../infra/postgres/listen.js';
import type { Postgres } from '../../../infra/postgres/postgres.js';
import { createBell } from './bell.js';
import { changesChannel, type ChangeLog } from './change-log.js';
import type { FanOut } from './fan-out.js';

/** A notification can get lost: that long a change goes unseen then. */
const looksEveryMs = 1_000;

/** A small page, so that what is told leaves before more comes. */
const changesAtOnce = 100;

export type FollowerParts<Told extends object> = Readonly<{
  postgres: Postgres;
  viewName: string;
  changeLog: ChangeLog<Told>;
  fanOut: FanOut<Told>;
  /** Gives undefined where it could not be read. */
  tryToRead: <Result>(read: () => Promise<Result>) => Promise<Result | undefined>;
}>;

/**
 * Reads a change log on from where `fanOut` stands, and tells it: after a notification, and every second. While
 * PostgreSQL is away it goes on looking. Gives how to stop it.
 */
export const startFollower = <Told extends object>(parts: FollowerParts<Told>): (() => Promise<void>) => {
  const { postgres, viewName } = parts;
  const stopping = new AbortController();
  const bell = createBell();
  const listening = listenTo(postgres, changesChannel, {
    onListening: bell.ring,
    onNotification: (name) => {
      if (name === viewName) bell.ring();
    },
  });
  const looking = (async () => {
    while (!stopping.signal.aborted) {
      await readOn(parts, stopping.signal);
      await bell.pause(looksEveryMs, stopping.signal);
    }
  })();
  return async () => {
    stopping.abort();
    await Promise.all([looking, listening.stop()]);
  };
};

/** Up to the watermark. */
const readOn = async <Told extends object>(
  { changeLog, fanOut, tryToRead }: FollowerParts<Told>,
  stopping: AbortSignal,
): Promise<void> => {
  const isOver = () => stopping.aborted;
  for (;;) {
    const from = fanOut.through();
    if (isOver() || from === undefined) return;
    const page = await tryToRead(() => changeLog.changesAfter(from, changesAtOnce));
    // Whoever stopped it may have begun anew from elsewhere.
    if (page === undefined || isOver()) return;
    fanOut.publish(page.changes, page.through);
    if (page.through >= page.watermark) return;
  }
};
