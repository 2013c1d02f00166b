import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';
import { errorCodes, isDomainError, type ErrorCode } from '../../domains/shared/errors.js';

/** A business no that turns the saga back: `type` becomes the reason of the rejection. It is not retried. */
export const refusal = (type: string, message: string): ApplicationFailure =>
  ApplicationFailure.create({ type, message, nonRetryable: true, category: ApplicationFailureCategory.BENIGN });

/** An activity of the way forward: what a rule refuses turns the saga back, all else is retried. */
export const turningBack = <Input, Result>(
  activity: (input: Input) => Promise<Result>,
): ((input: Input) => Promise<Result>) => throwing(activity, (code) => !isTransient(code));

/** An activity that there is no way back from: whatever it throws, it is retried until done. */
export const insisting = <Input, Result>(
  activity: (input: Input) => Promise<Result>,
): ((input: Input) => Promise<Result>) => throwing(activity, () => false);

const throwing =
  <Input, Result>(activity: (input: Input) => Promise<Result>, isFinal: (code: ErrorCode) => boolean) =>
  async (input: Input): Promise<Result> => {
    try {
      return await activity(input);
    } catch (error) {
      if (!isDomainError(error)) throw error;
      const { code } = error;
      const { title } = errorCodes[code];
      throw isFinal(code) ? refusal(code, title) : ApplicationFailure.retryable(title, code);
    }
  };

/** Speaks of the moment, or of how the platform is set up, and not of the order. */
const isTransient = (code: ErrorCode): boolean =>
  errorCodes[code].status >= 500 || code === 'command.conflict' || /^(auth|route)\.|^command\.unknown$/.test(code);
