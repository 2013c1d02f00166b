import { ActivityFailure, ApplicationFailure, isCancellation, TimeoutFailure } from '@temporalio/workflow';

/**
 * Why a notification was not sent, as `NotificationFailed` will say it: the code of the last try. `undefined` where a
 * failure is a mistake in the workflow's code, and Temporal repeats the task until that is mended.
 */
export const failureCodeOf = (failure: unknown): string | undefined => {
  if (isCancellation(failure)) return 'sending.cancelled';
  if (!(failure instanceof ActivityFailure)) return undefined;
  // A try that failed while the run was cancelled is not repeated.
  if (failure.retryState === 'CANCEL_REQUESTED') return 'sending.cancelled';
  return codeOfLastTry(failure.cause) ?? 'sending.timed_out';
};

/** Where the time for all tries is up, Temporal puts the failure of the last one behind that of the time. */
const codeOfLastTry = (cause: unknown): string | undefined => {
  if (cause instanceof TimeoutFailure) return codeOfLastTry(cause.cause);
  return (cause instanceof ApplicationFailure && cause.type) || undefined;
};
