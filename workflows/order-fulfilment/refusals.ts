import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';
import { errorCodes, isDomainError, type DomainError } from '../../domains/shared/errors.js';
import { isTransient } from '../../infra/service-bus/transient.js';

/** A business no that turns the saga back: `type` becomes the reason of the rejection. It is not retried. */
export const refusal = (type: string, message: string): ApplicationFailure =>
  ApplicationFailure.create({ type, message, nonRetryable: true, category: ApplicationFailureCategory.BENIGN });

/** Something that is to be tried again: `type` is the code by which people know it. */
export const failure = (type: string, message: string): ApplicationFailure =>
  ApplicationFailure.retryable(message, type);

/** Something that is to be tried again, but not at once. */
export const postponed = (type: string, message: string): ApplicationFailure =>
  ApplicationFailure.create({ type, message, nonRetryable: true });

/** An activity of the way forward: what a rule refuses turns the saga back, all else is retried. */
export const turningBack = <Input, Result>(
  activity: (input: Input) => Promise<Result>,
): ((input: Input) => Promise<Result>) => throwing(activity, (error) => !isTransient(error));

/** An activity that there is no way back from: whatever it throws, it is retried until done. */
export const insisting = <Input, Result>(
  activity: (input: Input) => Promise<Result>,
): ((input: Input) => Promise<Result>) => throwing(activity, () => false);

const throwing =
  <Input, Result>(activity: (input: Input) => Promise<Result>, isFinal: (error: DomainError) => boolean) =>
  async (input: Input): Promise<Result> => {
    try {
      return await activity(input);
    } catch (error) {
      if (error instanceof ApplicationFailure) throw error;
      // Temporal keeps what is thrown, and what a driver says may be personal.
      if (!isDomainError(error)) throw failure('step_failed', error instanceof Error ? error.name : typeof error);
      const { code } = error;
      const { title } = errorCodes[code];
      throw isFinal(error) ? refusal(code, title) : failure(code, title);
    }
  };
