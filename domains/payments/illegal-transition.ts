import { DomainError } from '../shared/errors.js';

/** The refusal of a command that does not fit what the payment has come to. */
export const illegalTransition = (command: string) =>
  new DomainError('payment.illegal_transition', `${command} is not possible as the payment stands`);
