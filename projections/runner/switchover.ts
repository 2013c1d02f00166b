import type { EventStore } from '../../infra/event-store/event-store.js';
import type { Position } from '../../infra/event-store/stored-event.js';
import type { BuildAside, Comparison, Control } from '../shared/view.js';
import { applyBatch } from './apply-batch.js';
import { compared, switched } from './control.js';
import type { Controls, HeldBuild } from './controls.js';
import type { Leases } from './leases.js';
import { earliest, isAfter, type HeldPartition } from './plan.js';
import type { ReadEvents } from './read-events.js';
import type { BuildDefinition } from './view-definition.js';
import { Overtaken, type Checksum } from './view-store.js';

export type SwitchoverParts = Readonly<{
  eventStore: Pick<EventStore, 'readNewer'>;
  leases: Leases;
  controls: Controls;
  read: ReadEvents;
  /** Whoever holds the builds meanwhile. */
  holder: string;
  signal: AbortSignal;
}>;

/** The build of a view that serves, and the one that is made aside. */
export type BothBuilds = Readonly<{
  live: BuildDefinition;
  aside: BuildDefinition;
  /** Whether this code knows the version that serves: otherwise only code of before can apply events to it. */
  isLiveKnown: boolean;
}>;

/** So many events are applied at once. */
const most = 500;

/** More often than leases expire. */
const renewEveryMs = 1_500;

/**
 * Compares both builds of a view at one position: both are held until they have applied the same events, and snapshots
 * are taken. Then the one that serves goes on; what changes in it before it is looked at is left out of both, as is what
 * either lacks since events of it are parked.
 *
 * @throws Overtaken where somebody else took what was held: it is tried again later.
 */
export const compareBuilds = async (parts: SwitchoverParts, builds: BothBuilds): Promise<Comparison> =>
  holding(parts, builds, async (held, position, letLiveGo) => {
    const { name } = builds.live.view;
    const opened = await openSnapshots(builds, held);
    try {
      // Had they been let go meanwhile, the snapshots would be of different positions.
      await parts.controls.change(name, existing, [held.live, held.aside]);
      await letLiveGo();
      const parked = [...held.live.held, ...held.aside.held].flatMap((each) => [...each.parked]);
      const live = await opened.live.checksum(new Set(parked));
      const leftOut = new Set([...parked, ...live.changed]);
      const comparison = comparisonOf(position, live, await opened.aside.checksum(leftOut), leftOut.size);
      const noted = (control: Control | null) => compared(expecting(existing(control), builds.aside), comparison);
      await parts.controls.change(name, noted, [held.aside]);
      return comparison;
    } finally {
      await opened.close();
    }
  });

const openSnapshots = async ({ live, aside }: BothBuilds, held: BothHeld) => {
  const ofLive = await live.store.snapshot(held.live.held);
  try {
    const ofAside = await aside.store.snapshot(held.aside.held);
    return { live: ofLive, aside: ofAside, close: () => Promise.all([ofLive.close(), ofAside.close()]) };
  } catch (error) {
    await ofLive.close();
    throw error;
  }
};

/**
 * Lets the build aside serve. Both are held until it has applied at least what the one that serves has, so that no reader
 * goes back in time; then the pointer is changed.
 *
 * @throws Overtaken as `compareBuilds` does; nothing has changed then.
 */
export const switchBuilds = async (parts: SwitchoverParts, builds: BothBuilds): Promise<void> =>
  holding(parts, builds, async (held) => {
    const { name } = builds.live.view;
    await parts.controls.change(name, (control) => switched(expecting(existing(control), builds.aside)), [
      held.live,
      held.aside,
    ]);
  });

/** What is held of both builds. */
type BothHeld = Readonly<{ live: HeldBuild; aside: HeldBuild }>;

type WhileHeld<Result> = (held: BothHeld, position: Position | null, letLiveGo: () => Promise<void>) => Promise<Result>;

const holding = async <Result>(
  parts: SwitchoverParts,
  { live, aside, isLiveKnown }: BothBuilds,
  work: WhileHeld<Result>,
): Promise<Result> => {
  const { leases } = parts;
  const holders = { live: `${parts.holder}/live`, aside: `${parts.holder}/aside` };
  const each = <Value>(act: (holder: string) => Promise<Value>) => Promise.all(Object.values(holders).map(act));
  const renewing = setInterval(() => void each(leases.renew).catch(() => undefined), renewEveryMs);
  const take = async ({ build, store }: BuildDefinition, holder: string) => {
    const taken = await leases.takeAll(holder, [build]);
    const held = await store.claim(taken);
    if (held.length !== taken.length) throw new Overtaken(build);
    return held;
  };
  try {
    // Nobody waits for what the one aside has under way: the one that serves is held for less.
    const ofAside = await take(aside, holders.aside);
    const ofLive = await take(live, holders.live);
    const places = [...ofLive, ...ofAside].map(({ position }) => position);
    // What somebody was writing when the builds were taken may be there already, beyond the checkpoints: it was in the log.
    const categories = [...new Set([live, aside].flatMap(({ view }) => view.categories))];
    const { through } = await parts.eventStore.readNewer(categories, earliest(places));
    const target = latest([...places, through]);
    const equal = async (definition: BuildDefinition, held: readonly HeldPartition[], isKnown: boolean) => ({
      build: definition.build,
      held: target !== null && isKnown ? await catchUp(parts, definition, held, target) : held,
    });
    const both = { live: await equal(live, ofLive, isLiveKnown), aside: await equal(aside, ofAside, true) };
    return await work(both, target, () => leases.giveBack(holders.live));
  } finally {
    clearInterval(renewing);
    await each(leases.giveBack);
  }
};

/** Applies what a build lacks up to a position. */
const catchUp = async (
  { eventStore, read, signal }: SwitchoverParts,
  { view, store }: BuildDefinition,
  held: readonly HeldPartition[],
  target: Position,
): Promise<readonly HeldPartition[]> => {
  const { events } = await eventStore.readNewer(view.categories, earliest(held.map(({ position }) => position)));
  const lacking = events.filter(({ position }) => !isAfter(position, target));
  let now = held;
  for (let from = 0; from < lacking.length; from += most)
    now = await applyBatch({ view, store, read, signal }, now, lacking.slice(from, from + most));
  return now;
};

const comparisonOf = (position: Position | null, live: Checksum, aside: Checksum, leftOut: number): Comparison => ({
  position: String(position?.commit ?? -1n),
  isEqual: live.checksum === aside.checksum && live.rows === aside.rows,
  rows: { live: live.rows, aside: aside.rows },
  checksums: { live: live.checksum, aside: aside.checksum },
  leftOut,
});

const latest = (places: readonly (Position | null)[]): Position | null =>
  places.reduce((last, place) => (place !== null && isAfter(place, last) ? place : last), null);

const existing = <Kept>(control: Kept | null): Kept => {
  if (control === null) throw new Overtaken('the control');
  return control;
};

/** Somebody may have dropped it meanwhile, and begun another. */
const expecting = <Kept extends Readonly<{ aside: BuildAside | null }>>(
  control: Kept,
  { of }: BuildDefinition,
): Kept => {
  if (control.aside?.number !== of.number) throw new Overtaken('the build aside');
  return control;
};
