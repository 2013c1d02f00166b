import type { EventStore } from '../../infra/event-store/event-store.js';
import type { Position } from '../../infra/event-store/stored-event.js';
import type { BuildAside, Comparison } from '../shared/view.js';
import { applyPatiently } from './apply-patiently.js';
import { compared, switched } from './control.js';
import type { Controls, HeldBuild } from './controls.js';
import { keyEvents } from './keyed.js';
import type { Leases } from './leases.js';
import { earliest, isAfter, movedOn, planBatch, type HeldPartition } from './plan.js';
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
 * are taken.
 *
 * @throws Overtaken where somebody else took what was held: it is tried again later.
 */
export const compareBuilds = async (parts: SwitchoverParts, builds: BothBuilds): Promise<Comparison> => {
  const { name } = builds.live.view;
  const summed = await holding(parts, builds, async (held, position) => {
    // Had they been let go meanwhile, the snapshots would be of different positions.
    const stillHeld = () => parts.controls.change(name, existing, held);
    const [live, aside] = await snapshots(builds, stillHeld);
    return async (): Promise<Comparison> => comparisonOf(position, await live(), await aside());
  });
  const comparison = await summed();
  await parts.controls.change(name, (control) => compared(expecting(existing(control), builds.aside), comparison));
  return comparison;
};

const snapshots = async ({ live, aside }: BothBuilds, stillHeld: () => Promise<unknown>) => {
  const taken: (() => Promise<Checksum>)[] = [];
  const take = async ({ store }: BuildDefinition) => {
    const snapshot = await store.checksum();
    taken.push(snapshot);
    return snapshot;
  };
  try {
    const both = [await take(live), await take(aside)] as const;
    await stillHeld();
    return both;
  } catch (error) {
    // A snapshot that nobody reads would keep its connection for ever.
    await Promise.allSettled(taken.map((read) => read()));
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
    await parts.controls.change(name, (control) => switched(expecting(existing(control), builds.aside)), held);
  });

const holding = async <Result>(
  parts: SwitchoverParts,
  { live, aside, isLiveKnown }: BothBuilds,
  work: (held: readonly HeldBuild[], position: Position | null) => Promise<Result>,
): Promise<Result> => {
  const { leases, holder } = parts;
  const taken = await leases.takeAll(holder, [live.build, aside.build]);
  const renewing = setInterval(() => void leases.renew(holder).catch(() => undefined), renewEveryMs);
  try {
    const claims = [live, aside].map(async (definition) => {
      const mine = taken.filter(({ build }) => build === definition.build);
      const held = await definition.store.claim(mine);
      if (held.length !== mine.length) throw new Overtaken(definition.build);
      return { definition, held };
    });
    const both = await Promise.all(claims);
    const places = both.flatMap(({ held }) => held.map(({ position }) => position));
    // What somebody was writing when the builds were taken may be there already, beyond the checkpoints: it was in the log.
    const categories = [...new Set([live, aside].flatMap(({ view }) => view.categories))];
    const { through } = await parts.eventStore.readNewer(categories, earliest(places));
    const target = latest([...places, through]);
    const equal: HeldBuild[] = [];
    for (const { definition, held } of both) {
      const isLacking = target !== null && (definition !== live || isLiveKnown);
      const now = isLacking ? await catchUp(parts, definition, held, target) : held;
      equal.push({ build: definition.build, held: now });
    }
    return await work(equal, target);
  } finally {
    clearInterval(renewing);
    await leases.giveBack(holder);
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
  for (let from = 0; from < lacking.length; from += most) {
    const batch = lacking.slice(from, from + most);
    const end = batch.at(-1)?.position ?? target;
    const keyed = keyEvents(view, read(batch));
    const leftBehind = await applyPatiently(store, planBatch(keyed, now, end), end, signal);
    const parked = leftBehind.map(({ event }) => event);
    now = now.map((each) => movedOn(each, end, parked));
  }
  return now;
};

const comparisonOf = (position: Position | null, live: Checksum, aside: Checksum): Comparison => ({
  position: String(position?.commit ?? -1n),
  isEqual: live.checksum === aside.checksum && live.rows === aside.rows,
  rows: { live: live.rows, aside: aside.rows },
  checksums: { live: live.checksum, aside: aside.checksum },
});

const latest = (places: readonly (Position | null)[]): Position | null =>
  places.reduce((last, place) => (place !== null && isAfter(place, last) ? place : last), null);

const existing = <Control>(control: Control | null): Control => {
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
