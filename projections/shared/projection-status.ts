import type { ParkedEvent } from './parked-event.js';
import type { Comparison } from './view.js';

/** How far a build that does not serve has come. */
export type Progress = Readonly<{
  version: number;
  position: string | null;
  /** Of the log, from 0 to 1; an estimate, since positions of a store need not count events. `null` without the store. */
  fraction: number | null;
  secondsLeft: number | null;
  rate: number;
  /** Whether it has caught up: it can serve. */
  isReady: boolean;
  /** Whether it serves as soon as it has caught up. */
  switches: boolean;
  comparison: Comparison | null;
}>;

/** Which builds there are of a view, by their numbers, and how many were begun so far. */
export type BuildNumbers = Readonly<{ live: number; previous: number | null; aside: number | null; begun: number }>;

/** A view as the people who run it see it. */
export type ProjectionStatus = Readonly<{
  name: string;
  store: 'postgres' | 'mongodb';
  /** Whose events it reads. */
  categories: readonly string[];
  version: number;
  /** `stopped` as well where nobody can tell, since its store is away, and before it is built for the first time. */
  state: 'live' | 'catching_up' | 'rebuilding' | 'stopped';
  position: string | null;
  lagEvents: number;
  lagSeconds: number;
  /** Events applied per second, of late. */
  rate: number;
  parkedKeys: number;
  /** Whether there is a build that served before, for a rollback. */
  canRollBack: boolean;
  progress?: Progress;
  /** `null` where its store is away, and before it is built for the first time. */
  builds: BuildNumbers | null;
}>;

/** A parked event as people see it. */
export type ParkedStatus = Omit<ParkedEvent, 'position' | 'partition'> & Readonly<{ position: string }>;

/** What changes which builds there are. */
export const buildChanges = ['rebuild', 'switch', 'rollback', 'drop'] as const;
export type BuildChange = (typeof buildChanges)[number];

/** The number of the build that a change asked for now is about; `null` where there is none for it. */
export const buildFor = (change: BuildChange, { live: _, previous, aside, begun }: BuildNumbers): number | null => {
  switch (change) {
    case 'rebuild':
      return aside ?? begun + 1;
    case 'switch':
      return aside;
    case 'rollback':
      return previous;
    case 'drop':
      return aside ?? previous;
  }
};
