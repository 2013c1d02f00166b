import { ActivityFailure, ApplicationFailure, isCancellation } from '@temporalio/workflow';

/**
 * Why the saga goes back, as `OrderRejected` will say it. `undefined` where a failure is no reason to go back: it is a
 * mistake in the workflow's code, and Temporal repeats the task until that is mended.
 */
export const rejectionReasonOf = (failure: unknown): string | undefined => {
  if (isCancellation(failure)) return 'saga_cancelled';
  if (!(failure instanceof ActivityFailure)) return undefined;
  // A step that failed for the moment while the run was cancelled is not tried again, and says why it failed.
  if (failure.retryState === 'CANCEL_REQUESTED') return 'saga_cancelled';
  return (failure.cause instanceof ApplicationFailure && failure.cause.type) || 'step_failed';
};
