import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';
import { errorCodes, isDomainError } from '../../domains/shared/errors.js';
import { SendingFailed } from '../../infra/notifications/notification-sender.js';

/**
 * An activity whose failures have a code as their type, and say nothing else: Temporal keeps them, and what a mail
 * server or a driver says may be personal.
 */
export const withCode =
  <Input, Result>(activity: (input: Input) => Promise<Result>): ((input: Input) => Promise<Result>) =>
  async (input) => {
    try {
      return await activity(input);
    } catch (error) {
      throw failureOf(error);
    }
  };

const failureOf = (error: unknown): ApplicationFailure => {
  if (error instanceof SendingFailed) {
    const { code: type, message, isPermanent: nonRetryable } = error;
    return ApplicationFailure.create({ type, message, nonRetryable, category: ApplicationFailureCategory.BENIGN });
  }
  if (isDomainError(error)) return ApplicationFailure.retryable(errorCodes[error.code].title, error.code);
  return ApplicationFailure.retryable('Something went wrong', error instanceof Error ? error.name : typeof error);
};
