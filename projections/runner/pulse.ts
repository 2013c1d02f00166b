import type { StoredEvent } from '../../infra/event-store/stored-event.js';
import { earliest, type HeldPartition } from './plan.js';

/** How a process gets on with a build. */
export type BuildStatus = Readonly<{
  /** `waiting`: something it needs is away. */
  state: 'live' | 'catching_up' | 'waiting';
  partitions: number;
  /** What all partitions that it keeps have applied; `null` before the first event. */
  position: string | null;
  /** Events that are there and not applied: counted where they have come, estimated where they have not. */
  lagEvents: number;
  /** The age of the oldest of them. */
  lagSeconds: number;
  /** Events applied per second, of late. */
  rate: number;
}>;

/** Keeps count of what a build applies. */
export type Pulse = Readonly<{
  /** Gives when it began, for `end`. */
  begin: (batch: readonly StoredEvent[]) => number;
  end: () => void;
  /** It is not known how much there is to apply. */
  catchUp: () => void;
  /** Everything that the log holds is applied. */
  caughtUp: () => void;
  /** Gives whether that is news. */
  struggle: () => boolean;
  recover: () => boolean;
  status: (held: readonly HeldPartition[], head: bigint | null) => BuildStatus;
}>;

/** Over so long a rate is measured. */
const windowMs = 5_000;

/** @param most events in a full batch, behind which there are more. */
export const createPulse = (most: number): Pulse => {
  let current: readonly StoredEvent[] | null = null;
  let isCatchingUp = true;
  let isStruggling = false;
  let last: StoredEvent | undefined;
  let applied: readonly Readonly<{ at: number; events: number; positions: number }>[] = [];

  const count = (batch: readonly StoredEvent[]) => {
    const at = performance.now();
    const positions = Number((batch.at(-1)?.position.commit ?? 0n) - (last?.position.commit ?? 0n));
    applied = [...applied.filter((each) => at - each.at < windowMs), { at, events: batch.length, positions }];
    last = batch.at(-1);
  };

  const lagEvents = (position: bigint | null, head: bigint | null): number => {
    const come = current?.length ?? 0;
    if (!isCatchingUp || head === null) return come;
    const positions = sum(applied.map((each) => each.positions));
    const density = positions <= 0 ? 1 : Math.min(1, sum(applied.map(({ events }) => events)) / positions);
    return Math.max(come, Math.round(Number(head - (position ?? 0n)) * density));
  };

  return {
    begin: (batch) => {
      current = batch;
      if (batch.length >= most) isCatchingUp = true;
      return performance.now();
    },
    end: () => {
      if (current) count(current);
      current = null;
    },
    catchUp: () => {
      isCatchingUp = true;
    },
    caughtUp: () => {
      isCatchingUp = false;
      current = null;
    },
    struggle: () => {
      const isNews = !isStruggling;
      isStruggling = true;
      return isNews;
    },
    recover: () => {
      const isNews = isStruggling;
      isStruggling = false;
      return isNews;
    },
    status: (held, head) => {
      const position = earliest(held.map((each) => each.position))?.commit ?? null;
      const oldest = current?.[0] ?? (isCatchingUp ? last : undefined);
      const recent = applied.filter(({ at }) => performance.now() - at < windowMs);
      return {
        state: isStruggling ? 'waiting' : isCatchingUp ? 'catching_up' : 'live',
        partitions: held.length,
        position: position?.toString() ?? null,
        lagEvents: lagEvents(position, head),
        lagSeconds: oldest ? Math.max(0, (Date.now() - oldest.created.getTime()) / 1_000) : 0,
        rate: (sum(recent.map(({ events }) => events)) * 1_000) / windowMs,
      };
    },
  };
};

const sum = (numbers: readonly number[]) => numbers.reduce((total, each) => total + each, 0);
