import { DomainError, type ErrorCode } from '../../domains/shared/errors.js';

/** Something was refused for the moment, which passes after so many seconds: whole ones, and at least one. */
export class LimitReached extends DomainError {
  readonly retryAfter: number;
  constructor(code: ErrorCode, message: string, waitMs: number) {
    super(code, message);
    this.retryAfter = Math.max(1, Math.ceil(waitMs / 1_000));
  }
}

/** The refusal of what would be too much for this process. */
export const overloaded = (message: string) =>
  new LimitReached('gateway.overloaded', `${message}; try again soon`, 1_000);
