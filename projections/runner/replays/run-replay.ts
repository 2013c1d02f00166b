import { setTimeout as delay } from 'node:timers/promises';
import type { EventStore } from '../../../infra/event-store/event-store.js';
import { isInstant, type Difference } from '../../shared/replay.js';
import { nameOf, partitionCount } from '../../shared/view.js';
import { applyBatch } from '../apply-batch.js';
import type { HeldPartition } from '../plan.js';
import type { ReadEvents } from '../read-events.js';
import { definitionNamed, type ViewBuilds } from '../view-builds.js';
import type { ViewDefinition } from '../view-definition.js';
import { Overtaken, type ViewStore } from '../view-store.js';
import { replayName } from './described.js';
import type { HeldReplay, ReplayOutcome, ReplayRecords } from './replay-records.js';

export type RunReplayParts = Readonly<{
  builds: ViewBuilds;
  records: ReplayRecords;
  eventStore: Pick<EventStore, 'follow' | 'lastStoredBy'>;
  read: ReadEvents;
  /** Most events in a batch. */
  most?: number;
  signal: AbortSignal;
}>;

/** More often than whoever is silent is replaced. */
const renewEveryMs = 500;

/**
 * Builds a replay from the beginning of the log, by the same steps as the view itself, whatever another process has left
 * of it, and notes what came of it.
 *
 * @throws Overtaken where it was dropped meanwhile, or is another's; the reason of `signal`; what stores throw.
 */
export const runReplay = async (parts: RunReplayParts, replay: HeldReplay): Promise<ReplayOutcome> => {
  const { builds, records } = parts;
  const definition = definitionNamed(builds, replay.view);
  const store = builds.storeNamed(definition, replayName(replay.id));
  const losing = new AbortController();
  const signal = AbortSignal.any([parts.signal, losing.signal]);
  let reached: bigint | undefined;
  const keep = () =>
    records.keep(replay, reached === undefined ? {} : { reached }).catch((error: unknown) => {
      // Where it cannot be told now it may be the next time.
      if (error instanceof Overtaken) losing.abort(error);
    });
  const keeping = setInterval(() => void keep(), renewEveryMs);
  try {
    const last = await lastPosition({ ...parts, signal }, replay);
    await records.keep(replay, { position: last, reached: -1n });
    const empty = await emptied(store, replay);
    const held = await applyUpTo({ ...parts, signal, store, definition, last, tell: (at) => (reached = at) }, empty);
    const outcome = {
      ...(await counted(store, held)),
      difference: await differenceFromLive(builds, definition, store),
    };
    await records.keep(replay, { state: 'done', reached: last, outcome });
    return outcome;
  } finally {
    clearInterval(keeping);
  }
};

/** Removes what is kept of a replay. Whoever writes it still is refused. */
export const removeReplay = async (builds: ViewBuilds, replay: HeldReplay): Promise<void> => {
  const store = builds.storeNamed(definitionNamed(builds, replay.view), replayName(replay.id));
  await claimed(store, replay);
  await store.drop();
};

const lastPosition = async (
  { eventStore, signal }: Pick<RunReplayParts, 'eventStore' | 'signal'>,
  { position, at }: HeldReplay,
): Promise<bigint> => {
  if (position !== null || !isInstant(at)) return position ?? -1n;
  return (await eventStore.lastStoredBy(new Date(at), signal))?.commit ?? -1n;
};

/** All partitions of a replay without rows. Whoever wrote it before is refused from here on. */
const emptied = async (store: ViewStore, replay: HeldReplay): Promise<readonly HeldPartition[]> => {
  await claimed(store, replay);
  await store.drop();
  await store.prepare();
  return claimed(store, replay);
};

const claimed = async (store: ViewStore, { id, epoch }: HeldReplay): Promise<readonly HeldPartition[]> => {
  const build = replayName(id);
  const held = await store.claim(
    Array.from({ length: partitionCount }, (_, partition) => ({ build, partition, epoch })),
  );
  if (held.length !== partitionCount) throw new Overtaken(build);
  return held;
};

type Applying = Pick<RunReplayParts, 'eventStore' | 'read' | 'most' | 'signal'> &
  Readonly<{
    store: ViewStore;
    definition: ViewDefinition;
    last: bigint;
    /** Told how far it has come. */
    tell: (reached: bigint) => void;
  }>;

/** It takes turns with the views that serve, as builds aside do: they keep their latency. */
const applyUpTo = async (
  { eventStore, read, most = 500, signal, store, definition: { view }, last, tell }: Applying,
  empty: readonly HeldPartition[],
): Promise<readonly HeldPartition[]> => {
  if (last < 0n) return empty;
  const ending = new AbortController();
  // The store listens for the end only after it has told that there is no more.
  const caughtUp = () => queueMicrotask(() => ending.abort());
  let held = empty;
  const following = { after: null, most, signal: AbortSignal.any([signal, ending.signal]), caughtUp };
  for await (const batch of eventStore.follow(view.categories, following)) {
    const began = performance.now();
    const due = batch.filter(({ position }) => position.commit <= last);
    held = await applyBatch({ view, store, read, signal }, held, due);
    tell(due.at(-1)?.position.commit ?? last);
    if (due.length < batch.length) break;
    await delay(performance.now() - began, undefined, { signal });
  }
  signal.throwIfAborted();
  return held;
};

const counted = async (
  store: ViewStore,
  held: readonly HeldPartition[],
): Promise<Omit<ReplayOutcome, 'difference'>> => {
  const snapshot = await store.snapshot(held);
  try {
    const { rows, checksum } = await snapshot.checksum(new Set());
    return { rows, checksum, parkedKeys: await store.countParkedKeys() };
  } finally {
    await snapshot.close();
  }
};

/** Rows of another version are other rows. */
const differenceFromLive = async (
  builds: ViewBuilds,
  definition: ViewDefinition,
  store: ViewStore,
): Promise<Difference | null> => {
  const { view } = definition;
  const live = (await builds.controlsOf(definition).all()).get(view.name)?.live;
  return live?.version === view.version ? store.differenceFrom(nameOf(view, live)) : null;
};
