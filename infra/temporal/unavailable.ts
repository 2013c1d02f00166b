import { DomainError } from '../../domains/shared/errors.js';

/** What whoever reads from Temporal throws while it does not answer. */
export const temporalUnavailable = (cause: unknown): DomainError =>
  Object.assign(new DomainError('service.unavailable', 'Temporal does not answer; try again soon'), { cause });
