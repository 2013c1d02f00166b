import { ActivityFailure, ApplicationFailure, CancelledFailure, TimeoutFailure } from '@temporalio/workflow';
import { failureCodeOf } from './failure-code.js';

type RetryState = ConstructorParameters<typeof ActivityFailure>[3];

const failedWith = (cause: Error, retryState: RetryState = 'NON_RETRYABLE_FAILURE') =>
  new ActivityFailure('failed', 'sendNotification', '1', retryState, undefined, cause);
const away = ApplicationFailure.retryable('away', 'smtp.unreachable');
const late = (cause?: Error) => Object.assign(new TimeoutFailure('late', undefined, 'SCHEDULE_TO_CLOSE'), { cause });

describe('the code of a notification that failed', () => {
  it('is that of a refusal for good', () =>
    expect(failureCodeOf(failedWith(ApplicationFailure.nonRetryable('no', 'smtp.550')))).toBe('smtp.550'));
  it.each([
    ['by itself', failedWith(away, 'TIMEOUT')],
    ['behind that of the time', failedWith(late(away), 'TIMEOUT')],
  ])('is that of the last try when the time is up, given %s', (_how, failure) =>
    expect(failureCodeOf(failure)).toBe('smtp.unreachable'),
  );
  it('is that time ran out where no try said why', () =>
    expect(failureCodeOf(failedWith(late(), 'TIMEOUT'))).toBe('sending.timed_out'));
  it.each([
    ['before a try', new CancelledFailure('cancelled')],
    ['while one ran', failedWith(new CancelledFailure('cancelled'))],
    ['while one failed', failedWith(away, 'CANCEL_REQUESTED')],
  ])('is the cancellation of the run %s', (_when, failure) => expect(failureCodeOf(failure)).toBe('sending.cancelled'));
  it('is not there for a mistake in the code', () => expect(failureCodeOf(new TypeError('oops'))).toBeUndefined());
});
