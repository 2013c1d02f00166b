import { DomainError } from '../../domains/shared/errors.js';
import type { Caller } from '../../infra/security/access-tokens.js';

/**
 * The id of an account that is the caller's own, or that the caller looks after.
 *
 * @throws DomainError `user.not_found` for anybody else's.
 */
export const reachable = ({ userId, roles }: Caller, id: string): string => {
  if (userId !== id && !roles.includes('admin')) throw accountNotFound(id);
  return id;
};

export const accountNotFound = (id: string): DomainError => new DomainError('user.not_found', `There is no user ${id}`);
