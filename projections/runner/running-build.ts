import { setTimeout as delay } from 'node:timers/promises';
import type { EventStore } from '../../infra/event-store/event-store.js';
import type { Position, StoredEvent } from '../../infra/event-store/stored-event.js';
import type { Log } from '../../infra/logging/log.js';
import { once } from '../../infra/process/once.js';
import { applyPatiently } from './apply-patiently.js';
import { keyEvents } from './keyed.js';
import type { ReadEvents } from './read-events.js';
import type { Lease } from './leases.js';
import { earliest, movedOn, planBatch, withoutParked, type HeldPartition, type Plan } from './plan.js';
import type { LeftBehind } from './fold.js';
import { createPulse, type BuildStatus } from './pulse.js';
import { createQueue } from './queue.js';
import { redriveKey } from './redrive.js';
import { inSpansOf } from './spans.js';
import type { BuildDefinition } from './view-definition.js';
import { Overtaken, placeOf, type RequestedKey } from './view-store.js';

/** A build of a view that this process keeps up to date as far as it holds its partitions. */
export type RunningBuild = Readonly<{
  definition: BuildDefinition;
  /** Tells which leases are held from now on. */
  hold: (leases: readonly Lease[]) => void;
  /** Does what people want to be done with parked events. */
  attend: () => Promise<void>;
  /** @param head the position of the last event of the store, where it is known. */
  status: (head: bigint | null) => BuildStatus;
  /** Ends it after the batch under way. */
  stop: () => Promise<void>;
}>;

export type RunnerParts = Readonly<{
  eventStore: Pick<EventStore, 'follow' | 'readStream'>;
  log: Log;
  read: ReadEvents;
  /** Most events in a batch. */
  most?: number;
  /** How long is waited before another try: doubled each time, from the first to the longest. */
  retryMs?: Readonly<{ first: number; longest: number }>;
}>;

/**
 * Keeps a build up to date for ever. While a store is away it tries again and again; an event that a handler throws on is
 * tried a few times and then parked with all later events of its key.
 *
 * @param pace what is waited for after a batch, given how many milliseconds that took.
 */
export const runBuild = (
  definition: BuildDefinition,
  { eventStore, log, read, most = 500, retryMs = { first: 200, longest: 5_000 } }: RunnerParts,
  pace: (tookMs: number) => Promise<void> = () => Promise.resolve(),
): RunningBuild => {
  const { view, build, store } = definition;
  const stopping = new AbortController();
  const pulse = createPulse(most);
  const exclusively = createQueue();
  const prepared = once(() => store.prepare());
  let leases: readonly Lease[] = [];
  let held: readonly HeldPartition[] = [];
  let round = new AbortController();
  let attending: Promise<void> | undefined;
  let pause = retryMs.first;
  let wake: () => void = () => undefined;

  const run = async () => {
    while (!stopping.signal.aborted) {
      if (leases.length === 0) await new Promise<void>((resolve) => (wake = resolve));
      else await keep().catch(waitAfter);
    }
  };

  const keep = async () => {
    round = new AbortController();
    const { signal } = round;
    await prepared();
    // Not while parked events are attended to: which keys are parked is read with it.
    await exclusively(async () => {
      held = await store.claim(leases);
    });
    if (held.length === 0) throw new Overtaken(build);
    pulse.catchUp();
    const after = earliest(held.map(({ position }) => position));
    for await (const batch of eventStore.follow(view.categories, { after, most, signal, caughtUp })) {
      const end = batch.at(-1)?.position;
      if (end) await exclusively(() => applyBatch(batch, end));
      if (signal.aborted) return;
    }
    if (!signal.aborted) throw new Error('The event store ended the subscription');
  };

  const applyBatch = async (batch: readonly StoredEvent[], end: Position) => {
    const began = pulse.begin(batch);
    const plan = planBatch(keyEvents(view, read(batch)), held, end);
    const leftBehind = await inSpansOf(view.name, applied(plan), () =>
      applyPatiently(store, plan, end, stopping.signal),
    );
    held = held.map((each) => movedOn(each, end, [...plan.parked, ...leftBehind.map(({ event }) => event)]));
    for (const left of leftBehind) tellParked(left);
    pulse.end();
    pause = retryMs.first;
    goOn();
    await pace(performance.now() - began);
  };

  const caughtUp = () => {
    pulse.caughtUp();
    goOn();
  };

  const attend = () => {
    attending ??= exclusively(attendNow).finally(() => (attending = undefined));
    return attending;
  };

  const attendNow = async () => {
    const failures: unknown[] = [];
    for (const requested of held.length === 0 ? [] : await store.requested(held))
      await attendTo(requested).catch((error: unknown) => failures.push(error));
    if (failures.length > 0) throw failures[0];
  };

  const attendTo = async (requested: RequestedKey) => {
    const partition = held.find((each) => each.partition === requested.partition);
    if (!partition) return;
    const leftBehind = await redriveKey({ eventStore, read }, definition, partition, requested);
    if (leftBehind.length === 0)
      held = held.map((each) => (each.partition === partition.partition ? withoutParked(each, requested.key) : each));
    for (const left of leftBehind.slice(0, 1)) tellParked(left);
    log.info(
      { view: view.name, build, request: requested.request, left: leftBehind.length },
      'parked events were attended to',
    );
  };

  const goOn = () => {
    if (pulse.recover()) log.info({ view: view.name, build }, 'the view goes on');
  };

  const waitAfter = async (error: unknown) => {
    // A failure while stopping is of no interest any more: nothing of its batch counts.
    if (stopping.signal.aborted || round.signal.aborted) return;
    if (error instanceof Overtaken) log.info({ view: view.name, build }, 'somebody else keeps the view now');
    else if (pulse.struggle()) log.warn({ view: view.name, build, err: error }, 'the view waits');
    const { signal } = round;
    await delay(pause, undefined, { signal }).catch(() => undefined);
    pause = Math.min(2 * pause, retryMs.longest);
  };

  const tellParked = ({ event: { stored, key }, error }: LeftBehind) =>
    log.error(
      {
        view: view.name,
        build,
        key,
        stream: stored.streamId,
        revision: stored.revision,
        type: stored.type,
        at: placeOf(error),
      },
      'an event cannot be applied: it is parked with all that follow of its key',
    );

  const ended = run();
  return {
    definition,
    hold: (now) => {
      if (isSame(leases, now)) return;
      leases = now;
      held = held.filter((each) => leases.some(({ partition }) => partition === each.partition));
      round.abort();
      pause = retryMs.first;
      wake();
    },
    attend,
    status: (head) => pulse.status(held, head),
    stop: async () => {
      leases = [];
      stopping.abort();
      round.abort();
      wake();
      await ended;
    },
  };
};

/** The events that a plan applies, of which each gets a span. */
const applied = ({ groups }: Plan): readonly StoredEvent[] =>
  [...groups.values()].flatMap((events) => events.map(({ stored }) => stored));

const isSame = (some: readonly Lease[], others: readonly Lease[]) =>
  some.length === others.length &&
  some.every((lease) => others.some(({ partition, epoch }) => partition === lease.partition && epoch === lease.epoch));
