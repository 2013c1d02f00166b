import type { Position } from '../../infra/event-store/stored-event.js';
import type { KeyedEvent } from './keyed.js';

/** A partition that this process keeps: under which epoch of its lease, how far it is, and which keys are parked. */
export type HeldPartition = Readonly<{
  partition: number;
  epoch: bigint;
  position: Position | null;
  parked: ReadonlySet<string>;
}>;

/** What is to be done with a batch. */
export type Plan = Readonly<{
  /** The events to apply, by key, in their order. */
  groups: ReadonlyMap<string, readonly KeyedEvent[]>;
  /** Later events of keys that are parked already. */
  parked: readonly KeyedEvent[];
  /** The partitions that the batch moves on. */
  moved: readonly HeldPartition[];
}>;

/** Picks from a batch, which ends at `end`, what the partitions that are held have not applied yet. */
export const planBatch = (events: readonly KeyedEvent[], held: readonly HeldPartition[], end: Position): Plan => {
  const byNumber = new Map(held.map((each) => [each.partition, each]));
  const groups = new Map<string, KeyedEvent[]>();
  const parked: KeyedEvent[] = [];
  for (const event of events) {
    const partition = byNumber.get(event.partition);
    if (!partition || !isAfter(event.stored.position, partition.position)) continue;
    if (partition.parked.has(event.key)) {
      parked.push(event);
      continue;
    }
    const group = groups.get(event.key);
    if (group) group.push(event);
    else groups.set(event.key, [event]);
  }
  return { groups, parked, moved: held.filter(({ position }) => isAfter(end, position)) };
};

/** A partition after a batch that ends at `end`, of which these events were parked. */
export const movedOn = (held: HeldPartition, end: Position, parked: readonly KeyedEvent[]): HeldPartition => {
  const keys = parked.filter(({ partition }) => partition === held.partition).map(({ key }) => key);
  return {
    ...held,
    position: isAfter(end, held.position) ? end : held.position,
    parked: keys.length === 0 ? held.parked : new Set([...held.parked, ...keys]),
  };
};

/** A partition after the parked events of a key were attended to. */
export const withoutParked = (held: HeldPartition, key: string): HeldPartition => ({
  ...held,
  parked: new Set([...held.parked].filter((each) => each !== key)),
});

/** Whether a place in `$all` is behind another; every one is behind the beginning. */
export const isAfter = (place: Position, other: Position | null): boolean =>
  other === null || place.commit > other.commit;

/** The first of several places; `null`, the beginning, where one of them is that. */
export const earliest = (places: readonly (Position | null)[]): Position | null =>
  places.reduce(
    (first, place) => (first === null || (place !== null && isAfter(place, first)) ? first : place),
    places[0] ?? null,
  );
