import { DomainError } from '../../domains/shared/errors.js';

/** An instant of a query string. @throws DomainError `request.invalid` where it is one that no clock shows. */
export const instantOf = (field: string, text: string): Date => {
  const instant = new Date(text);
  if (!Number.isNaN(instant.getTime())) return instant;
  const detail = 'must be an instant such as 2026-01-31T09:30:00Z';
  throw new DomainError('request.invalid', `${field} ${detail}`, [{ pointer: `/${field}`, detail }]);
};
