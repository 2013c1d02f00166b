import { setTimeout as delay } from 'node:timers/promises';
import type { EventStore } from '../../infra/event-store/event-store.js';
import type { Position, StoredEvent } from '../../infra/event-store/stored-event.js';
import type { Log } from '../../infra/logging/log.js';
import type { View } from '../shared/view.js';
import { naming, PoisonEvent } from './fold.js';
import type { Present } from './present.js';
import { inSpansOf } from './spans.js';
import { Overtaken, type ViewStore } from './view-store.js';

/** `waiting`: something it needs is away. `stopped`: it was told to, or it met an event that it cannot apply. */
export type ViewState = 'running' | 'waiting' | 'stopped';

/** A view that is kept up to date. */
export type RunningView = Readonly<{
  view: View;
  state: () => ViewState;
  /** How far it has got, as last known here. */
  position: () => Position | null;
  /** Ends it after the batch under way. */
  stop: () => Promise<void>;
  /** Resolves when it has ended, for whatever reason. */
  ended: Promise<void>;
}>;

export type RunnerOptions = Readonly<{
  eventStore: Pick<EventStore, 'follow' | 'head'>;
  log: Log;
  /** What it throws on is an event that the view cannot apply. */
  present: Present;
  /** Most events in a batch. */
  most?: number;
  /** How long it waits before it tries again: doubled each time, from the first to the longest. */
  retryMs?: Readonly<{ first: number; longest: number }>;
}>;

/**
 * Keeps one view up to date with the events of its categories, for ever. While a store is away it tries again and again;
 * an event that cannot be read or applied stops it rather than being passed over.
 */
export const runView = (
  view: View,
  store: ViewStore,
  { eventStore, log, present, most = 500, retryMs = { first: 200, longest: 5_000 } }: RunnerOptions,
): RunningView => {
  const stopping = new AbortController();
  const { signal } = stopping;
  const isStopping = () => signal.aborted;
  let state: ViewState = 'running';
  let position: Position | null = null;
  let pause = retryMs.first;
  let isApplying = false;

  const run = async () => {
    while (!isStopping()) {
      try {
        await follow();
      } catch (error) {
        if (error instanceof PoisonEvent) {
          stopAt(error);
          return;
        }
        // A failure while stopping is of no interest any more: nothing of its batch counts.
        if (isStopping()) return;
        await waitAfter(error);
      }
    }
  };

  const follow = async () => {
    await store.prepare();
    position = await store.checkpoint();
    await eventStore.head();
    // After a batch that failed only a batch that is applied says that all is well again.
    if (!isApplying) goOn();
    for await (const stored of eventStore.follow(view.categories, { after: position, most, signal })) {
      const batch = stored.map((event) => naming(event, () => present(event)));
      if (!isFilled(batch)) continue;
      const previous = position;
      isApplying = true;
      position = await inSpansOf(view.name, batch, () => store.apply(batch, previous));
      isApplying = false;
      pause = retryMs.first;
      goOn();
    }
    if (!isStopping()) throw new Error('The event store ended the subscription');
  };

  const goOn = () => {
    if (state === 'waiting') log.info({ view: view.name }, 'the view goes on');
    state = 'running';
  };

  const waitAfter = async (error: unknown) => {
    if (error instanceof Overtaken) log.warn({ view: view.name }, 'the view was moved on by somebody else');
    else if (state === 'running') log.warn({ view: view.name, err: error }, 'the view waits');
    state = 'waiting';
    await delay(pause, undefined, { signal }).catch(() => undefined);
    pause = Math.min(2 * pause, retryMs.longest);
  };

  const stopAt = ({ event, cause }: PoisonEvent) => {
    const { streamId, revision, type } = event;
    log.error(
      { view: view.name, stream: streamId, revision, type, err: cause },
      'the view stopped at an event that it cannot apply',
    );
  };

  const ended = run().finally(() => {
    state = 'stopped';
  });
  return {
    view,
    state: () => state,
    position: () => position,
    stop: async () => {
      stopping.abort();
      await ended;
    },
    ended,
  };
};

const isFilled = (batch: readonly StoredEvent[]): batch is readonly [StoredEvent, ...StoredEvent[]] => batch.length > 0;
