import { firstIn, milliseconds, type Failure, type HistoryEvent, type Timestamp } from './history-event.js';

/** An activity that ran within a workflow task, by what the SDK noted of it. */
export type LocalActivity = Readonly<{
  name: string;
  /** When it was first due; milliseconds since 1970. */
  at: number;
  /** When it ended, on the clock of the workflow. */
  completed: number;
  attempts: number;
  failure: Failure | null;
}>;

type Noted = Readonly<{
  activity_type: string;
  attempt: number;
  original_schedule_time: Timestamp;
  complete_time: Timestamp;
}>;

/** `null` where the event tells of no such activity. */
export const localActivityIn = ({ markerRecordedEventAttributes: marker }: HistoryEvent): LocalActivity | null => {
  if (marker?.markerName !== 'core_local_activity') return null;
  const noted = firstIn(marker.details?.['data']) as Noted | null;
  return (
    noted && {
      name: noted.activity_type,
      at: milliseconds(noted.original_schedule_time),
      completed: milliseconds(noted.complete_time),
      attempts: noted.attempt,
      failure: marker.failure ?? null,
    }
  );
};

/**
 * Tells how long activities within workflow tasks took. The clock of a workflow stands still within a task, but that each
 * of them moves it on by as long as its last try took: so that began where the one before ended, or else with the last
 * task that had begun by then.
 */
export const createWorkflowClock = () => {
  const tasks: number[] = [];
  let now = 0;
  return {
    taskBegan: (at: number): void => void tasks.push(at),
    /** In milliseconds. */
    took: ({ at, completed }: Pick<LocalActivity, 'at' | 'completed'>): number => {
      const began = Math.max(now, tasks.findLast((task) => task <= at) ?? now);
      now = completed;
      return Math.max(0, completed - began);
    },
  };
};
