import { ActivityFailure, ApplicationFailure, CancelledFailure, TimeoutFailure } from '@temporalio/workflow';
import { rejectionReasonOf } from './rejection-reason.js';

type RetryState = ConstructorParameters<typeof ActivityFailure>[3];

const failedWith = (cause: Error, retryState: RetryState = 'NON_RETRYABLE_FAILURE') =>
  new ActivityFailure('failed', 'authorisePayment', '1', retryState, undefined, cause);

describe('the reason of a rejection', () => {
  it('is what the step was refused with', () =>
    expect(rejectionReasonOf(failedWith(ApplicationFailure.nonRetryable('no', 'payment_declined')))).toBe(
      'payment_declined',
    ));
  it.each([
    ['while a step ran', failedWith(new CancelledFailure('cancelled'))],
    ['between steps', new CancelledFailure('cancelled')],
    ['while a step failed', failedWith(ApplicationFailure.retryable('away', 'Error'), 'CANCEL_REQUESTED')],
  ])('is the cancellation of the run %s', (_when, failure) =>
    expect(rejectionReasonOf(failure)).toBe('saga_cancelled'),
  );
  it('is that a step failed where it does not say why', () =>
    expect(rejectionReasonOf(failedWith(new TimeoutFailure('late', undefined, 'START_TO_CLOSE')))).toBe('step_failed'));
  it('is not there for a mistake in the code', () => expect(rejectionReasonOf(new TypeError('oops'))).toBeUndefined());
});
