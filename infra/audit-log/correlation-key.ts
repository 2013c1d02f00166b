import { hash } from 'node:crypto';
import { uuidPattern } from '../../domains/shared/uuid.js';

/** What a correlation id is found by: itself where it is a UUID, else the beginning of its SHA-256 in the same form. */
export const correlationKey = (correlationId: string): string => {
  if (uuidPattern.test(correlationId)) return correlationId;
  const digits = hash('sha256', correlationId, 'hex');
  return [
    [0, 8],
    [8, 12],
    [12, 16],
    [16, 20],
    [20, 32],
  ]
    .map(([start, end]) => digits.slice(start, end))
    .join('-');
};
