import { firstIn, summaryOf, timeOf, type Failure, type HistoryEvent } from './history-event.js';
import { createWorkflowClock, localActivityIn } from './local-activities.js';

/** Something that a workflow did or was told. Times are milliseconds, as fine as Temporal tells them. */
export type HistoryStep = Readonly<{
  kind: 'workflow' | 'activity' | 'timer' | 'signal' | 'cancellation';
  /** The type of the workflow or the activity, or the name of the signal. */
  name: string;
  /** What the workflow calls it. */
  summary: string | null;
  /** When it began: of an activity its last try; of one within a workflow task, which notes no other, its first. */
  at: number;
  /** Until it ended; of an activity, how long its last try took. `null` while it goes on, and where it took no time. */
  durationMs: number | null;
  /** `null` for what has none. */
  outcome: Outcome | null;
  /** Of an activity. */
  attempts: number | null;
  /** The type of the failure: what it says may be personal. */
  code: string | null;
  /** What came with a signal. */
  told: unknown;
}>;

type Outcome = 'running' | 'completed' | 'failed' | 'timed_out' | 'cancelled' | 'terminated' | 'fired';

/** The steps of a workflow, in the order of its history. What activities were given and gave is left out. */
export const stepsOf = (events: readonly HistoryEvent[]): readonly HistoryStep[] => {
  const steps: Step[] = [];
  const byEvent = new Map<string, Step>();
  const clock = createWorkflowClock();

  const begin = (event: HistoryEvent, kind: Step['kind'], step: Partial<Step>) => {
    const made = { ...nothingKnown, kind, summary: summaryOf(event), at: timeOf(event), ...step };
    steps.push(made);
    byEvent.set(String(event.eventId), made);
  };
  const change = (id: unknown, known: (step: Step) => Partial<Step>) => {
    const step = byEvent.get(String(id));
    if (step) Object.assign(step, known(step));
  };
  const end = (id: unknown, event: HistoryEvent, outcome: Outcome, failure?: Failure | null) =>
    change(id, ({ at }) => ({ outcome, code: codeOf(failure), durationMs: rounded(timeOf(event) - at) }));
  const endWorkflow = (event: HistoryEvent, outcome: Outcome, failure?: Failure | null) =>
    end(events[0]?.eventId, event, outcome, failure);

  const readers: Readers = {
    workflowExecutionStartedEventAttributes: (event, { workflowType }) =>
      begin(event, 'workflow', { name: workflowType?.name ?? '' }),
    workflowExecutionCompletedEventAttributes: (event) => endWorkflow(event, 'completed'),
    workflowExecutionFailedEventAttributes: (event, { failure }) => endWorkflow(event, 'failed', failure),
    workflowExecutionTimedOutEventAttributes: (event) => endWorkflow(event, 'timed_out'),
    workflowExecutionCanceledEventAttributes: (event) => endWorkflow(event, 'cancelled'),
    workflowExecutionTerminatedEventAttributes: (event) => endWorkflow(event, 'terminated'),
    workflowExecutionCancelRequestedEventAttributes: (event) =>
      begin(event, 'cancellation', { name: 'cancel', outcome: null }),
    workflowExecutionSignaledEventAttributes: (event, { signalName, input }) =>
      begin(event, 'signal', { name: signalName ?? '', outcome: null, told: firstIn(input) }),

    activityTaskScheduledEventAttributes: (event, { activityType }) =>
      begin(event, 'activity', { name: activityType?.name ?? '', attempts: 0 }),
    activityTaskStartedEventAttributes: (event, { scheduledEventId, attempt }) =>
      change(scheduledEventId, () => ({ at: timeOf(event), attempts: attempt ?? 1 })),
    activityTaskCompletedEventAttributes: (event, { scheduledEventId: id }) => end(id, event, 'completed'),
    activityTaskFailedEventAttributes: (event, { scheduledEventId: id, failure }) => end(id, event, 'failed', failure),
    activityTaskTimedOutEventAttributes: (event, { scheduledEventId: id, failure }) =>
      end(id, event, 'timed_out', failure),
    activityTaskCanceledEventAttributes: (event, { scheduledEventId: id }) => end(id, event, 'cancelled'),

    workflowTaskStartedEventAttributes: (event) => clock.taskBegan(timeOf(event)),
    markerRecordedEventAttributes: (event) => {
      const local = localActivityIn(event);
      if (!local) return;
      const { name, at, attempts, failure } = local;
      const known = { name, at, attempts, outcome: outcomeOf(failure), code: codeOf(failure) };
      begin(event, 'activity', { ...known, durationMs: rounded(clock.took(local)) });
    },

    timerStartedEventAttributes: (event) => begin(event, 'timer', { name: 'timer' }),
    timerFiredEventAttributes: (event, { startedEventId }) => end(startedEventId, event, 'fired'),
    timerCanceledEventAttributes: (event, { startedEventId }) => end(startedEventId, event, 'cancelled'),
  };
  for (const event of events) read(readers, event);
  return steps;
};

type Step = { -readonly [Name in keyof HistoryStep]: HistoryStep[Name] };

const nothingKnown = {
  name: '',
  durationMs: null,
  outcome: 'running',
  attempts: null,
  code: null,
  told: null,
} as const;

/** What is made of an event, by the one group of fields that it has. */
type Readers = {
  readonly [Name in keyof HistoryEvent]?: (event: HistoryEvent, fields: NonNullable<HistoryEvent[Name]>) => void;
};

const read = (readers: Readers, event: HistoryEvent): void => {
  for (const name of Object.keys(readers) as (keyof Readers)[]) {
    const fields = event[name];
    if (fields) (readers[name] as ((event: HistoryEvent, fields: unknown) => void) | undefined)?.(event, fields);
  }
};

const outcomeOf = (failure: Failure | null): Outcome => {
  if (!failure) return 'completed';
  return failure.timeoutFailureInfo ? 'timed_out' : 'failed';
};

const codeOf = (failure: Failure | null | undefined): string | null => {
  if (!failure) return null;
  return failure.timeoutFailureInfo ? 'timeout' : (failure.applicationFailureInfo?.type ?? codeOf(failure.cause));
};

const rounded = (ms: number): number => Math.round(ms * 1_000) / 1_000;
