import { isDomainError } from '../../../domains/shared/errors.js';
import type { Log } from '../../../infra/logging/log.js';
import { Overtaken } from '../view-store.js';
import type { HeldReplay } from './replay-records.js';
import { removeReplay, runReplay, type RunReplayParts } from './run-replay.js';

/**
 * What makes and removes replays, one at a time in each process: `look` begins with the one that is due, and waits for
 * nothing.
 */
export const createReplaying = (
  parts: RunReplayParts & Readonly<{ log: Log }>,
): Readonly<{ look: () => void; ended: () => Promise<void> }> => {
  const { builds, records, log, signal } = parts;
  const views = builds.definitions.map(({ view }) => view.name);
  let isAway = false;
  let underWay: Promise<void> | null = null;

  const work = async () => {
    try {
      const replay = await records.take(views);
      if (replay) await attendTo(replay);
      isAway = false;
    } catch (error) {
      // Whatever was taken is taken again, by this process or another, once nobody is heard of who has it.
      if (!isAway && !signal.aborted) log.warn({ err: error }, 'replays cannot be made now');
      isAway = true;
    }
  };

  const attendTo = async (replay: HeldReplay) => {
    const { id, view, at, state } = replay;
    if (state === 'dropped') {
      await removeReplay(builds, replay);
      await records.forget(replay);
      log.info({ replay: id, view }, 'a replay was removed');
      return;
    }
    log.info({ replay: id, view, at }, 'a replay begins');
    try {
      const { rows, parkedKeys } = await runReplay(parts, replay);
      log.info({ replay: id, view, rows, parkedKeys }, 'a replay is done');
    } catch (error) {
      if (signal.aborted || error instanceof Overtaken) return records.giveBack(replay);
      if (isDomainError(error) && error.code === 'service.unavailable') throw error;
      log.error({ replay: id, view, err: error }, 'a replay failed');
      await removeReplay(builds, replay);
      await records.keep(replay, { state: 'failed' });
    }
  };

  return {
    look: () => {
      if (!signal.aborted) underWay ??= work().finally(() => (underWay = null));
    },
    ended: async () => {
      await underWay;
    },
  };
};
