import { DomainError } from './errors.js';

/** An instant that somebody has written in a field. @throws DomainError `request.invalid` where no clock shows it. */
export const instantOf = (field: string, text: string | null | undefined): Date => {
  const instant = new Date(text ?? NaN);
  if (!Number.isNaN(instant.getTime())) return instant;
  const detail = 'must be an instant such as 2026-01-31T09:30:00Z';
  throw new DomainError('request.invalid', `${field} ${detail}`, [{ pointer: `/${field}`, detail }]);
};
