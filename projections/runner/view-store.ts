import type { Position } from '../../infra/event-store/stored-event.js';
import type { ParkedEvent, ParkedRequest } from '../shared/parked-event.js';
import type { Difference } from '../shared/replay.js';
import type { IsGivenUp, LeftBehind } from './fold.js';
import type { KeyedEvent } from './keyed.js';
import type { Lease } from './leases.js';
import type { HeldPartition, Plan } from './plan.js';

/** A request of a person for the events of a key. */
export type RequestedKey = Readonly<{ key: string; partition: number; request: ParkedRequest }>;

/** Parked events: those of a key, or of all keys; those beyond a position, or from the first; so many, or all. */
export type ParkedSelection = Readonly<{ key?: string | null; after?: bigint | null; limit?: number }>;

/**
 * One build of a view in the store that keeps it. Everything throws DomainError `service.unavailable` while the store is
 * away, and what writes throws Overtaken where a lease is no longer held.
 */
export type ViewStore = Readonly<{
  /** Makes what the build lies in, where it is not there. */
  prepare: () => Promise<void>;
  /**
   * Begins to keep partitions under the epochs of their leases: whoever kept them before is refused from now on. Gives
   * those that nobody keeps under a higher epoch, with how far they are.
   */
  claim: (leases: readonly Lease[]) => Promise<readonly HeldPartition[]>;
  /**
   * Applies a plan and moves its partitions to `end`. After a failure the same events may come again: they have their
   * effect once. Gives the events that are left behind; they are parked, with those of `plan.parked`.
   *
   * @throws PoisonEvents with events that cannot be applied and are not given up; nothing is applied then.
   */
  apply: (plan: Plan, end: Position, isGivenUp: IsGivenUp) => Promise<readonly LeftBehind[]>;
  /** What all partitions have applied; `null` before all have begun. */
  watermark: () => Promise<bigint | null>;
  /** The keys of these partitions of which a person wants something. */
  requested: (partitions: readonly HeldPartition[]) => Promise<readonly RequestedKey[]>;
  /** Some of the parked events, in their order. */
  parkedOf: (which: ParkedSelection) => Promise<readonly ParkedEvent[]>;
  countParkedKeys: () => Promise<number>;
  /** Notes what is wanted of the parked events of a key. Gives how many they are. */
  request: (key: string, request: ParkedRequest) => Promise<number>;
  /**
   * Applies the parked events of a key, given in their order, and forgets those that could be applied; the others stay
   * parked. Gives those.
   */
  redrive: (held: HeldPartition, key: string, events: readonly KeyedEvent[]) => Promise<readonly LeftBehind[]>;
  /** Forgets the parked events of a key. */
  discard: (held: HeldPartition, key: string) => Promise<void>;
  /** The rows as they are now, while the partitions are held; they need not be held any more when it is looked at. */
  snapshot: (held: readonly HeldPartition[]) => Promise<Snapshot>;
  /** At most `limit` rows, by key: those after one, or the first. */
  rowsAfter: (key: string | null, limit: number) => Promise<readonly KeptRow[]>;
  /** How the rows differ from those of another build of the view as they are now, by their content alone. */
  differenceFrom: (build: string) => Promise<Difference>;
  /** Removes the build with everything that is kept of it. */
  drop: () => Promise<void>;
}>;

/** A row as it is kept, with the position of the event that it is the outcome of. */
export type KeptRow = Readonly<{ key: string; row: object; position: bigint }>;

/** So many keys are given as examples of a difference. */
export const mostDifferingKeys = 20;

/** The rows of a build at one position. It must be closed. */
export type Snapshot = Readonly<{
  /** Sums up all rows but those of the keys in `except`, and those in `changed` of what it gives. */
  checksum: (except: ReadonlySet<string>) => Promise<Checksum>;
  close: () => Promise<void>;
}>;

export type Checksum = Readonly<{
  rows: number;
  checksum: string;
  /** The keys that were written since, where the store cannot tell what they held before. */
  changed: ReadonlySet<string>;
}>;

/** Somebody else keeps a partition now: what is held must be looked at again. */
export class Overtaken extends Error {
  override readonly name = 'Overtaken';
}

/** What is kept of why an event was left behind. */
export const whyLeft = ({ error }: LeftBehind): string =>
  error === undefined ? 'waits for an earlier event' : placeOf(error);

/** What is kept of an error: which kind it is and the place in our code; its message may quote what the event says. */
export const placeOf = (error: unknown): string => {
  if (!(error instanceof Error)) return 'not an Error';
  const { stack = '', message } = error;
  // The message comes first, and may have lines that look as a frame does.
  const trace = stack.includes(message) ? stack.slice(stack.indexOf(message) + message.length) : '';
  const frame = trace.split('\n').find((line) => /^\s+at /.test(line)) ?? '';
  const [, where = ''] = /([^/\\(\s]+[/\\][^/\\]+[/\\][^/\\)]+:\d+:\d+)\)?$/.exec(frame) ?? [];
  return where === '' ? error.name : `${error.name} at ${where}`;
};
