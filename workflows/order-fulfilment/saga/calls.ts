import {
  ActivityFailure,
  ApplicationFailure,
  proxyActivities,
  proxyLocalActivities,
  TimeoutFailure,
} from '@temporalio/workflow';
import type { Activities } from '../activities.js';
import type { Cause, Timing } from '../fulfilment.js';

/** Something that is done by an activity; `cause` goes with it. */
export type Call<Result> = (activities: Activities, cause: Cause) => Promise<Result>;

/**
 * For the first try of a step: within the workflow task, since a step is short and bears repeats, and takes a third of the
 * time of an activity of its own that way (docs/performance.md).
 */
export const localActivities = ({ localTryMs }: Timing, summary: string): Activities =>
  proxyLocalActivities<Activities>({
    startToCloseTimeout: localTryMs,
    retry: { maximumAttempts: 3, initialInterval: 50, backoffCoefficient: 2 },
    summary,
  });

/** For every further try: an activity that can be seen while it is under way, and says that it lives. */
export const activities = ({ tryMs }: Timing, summary: string): Activities =>
  proxyActivities<Activities>({
    startToCloseTimeout: tryMs,
    heartbeatTimeout: '10s',
    retry: { maximumAttempts: 1 },
    summary,
  });

/** For what is only asked or noted: Temporal itself tries it until it is done. */
export const patientActivities = ({ tryMs }: Timing, summary: string): Activities =>
  proxyActivities<Activities>({
    startToCloseTimeout: tryMs,
    heartbeatTimeout: '10s',
    retry: { initialInterval: 200, backoffCoefficient: 2, maximumInterval: '30s' },
    summary,
  });

/** Why a try failed: a refusal is the last word, everything else may go better next time. */
export type TryFailure = Readonly<{ isRefusal: boolean; code: string }>;

/** @throws what is no failure of an activity: a mistake in the workflow's code, whose task Temporal repeats. */
export const failureOf = (error: unknown): TryFailure => {
  // What a local activity throws comes as it is, what another one throws comes wrapped.
  const thrown = error instanceof ActivityFailure ? error.cause : error;
  if (thrown instanceof ApplicationFailure)
    return { isRefusal: thrown.nonRetryable === true, code: thrown.type ?? 'step_failed' };
  if (thrown instanceof TimeoutFailure) return { isRefusal: false, code: 'timeout' };
  throw error;
};
