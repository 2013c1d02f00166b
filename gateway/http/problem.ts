import {
  DomainError,
  errorCodes,
  isDomainError,
  type ErrorCode,
  type FieldError,
} from '../../domains/shared/errors.js';
import type { Answer } from './route.js';

/** RFC 9457. `errors` names each wrong field by an RFC 6901 pointer. */
export type Problem = Readonly<{
  type: string;
  title: string;
  status: number;
  detail: string;
  code: ErrorCode;
  traceId: string;
  errors?: readonly FieldError[];
}>;

export type ProblemAnswer = Answer & Readonly<{ body: Problem }>;

/** The answer to a refusal; anything that is not one becomes `internal.error`, and nothing of it is told. */
export const problemAnswer = (error: unknown, traceId: string): ProblemAnswer => {
  const { code, message, errors } = isDomainError(error) ? error : unknownFault;
  const { status, title } = errorCodes[code];
  const problem = { type: `urn:evermart:problem:${code}`, title, status, detail: message, code, traceId };
  return {
    status,
    headers: { 'content-type': 'application/problem+json', 'Cache-Control': 'no-store', ...headersOf(status, error) },
    body: { ...problem, ...(errors.length > 0 ? { errors } : {}) },
  };
};

const unknownFault = new DomainError('internal.error', 'It was noted under this trace id; try again later');

/** RFC 9110 wants a challenge with every 401. */
const headersOf = (status: number, error: unknown): Readonly<Record<string, string>> => {
  if (status === 401) return { 'WWW-Authenticate': 'Bearer' };
  return status === 503 || status === 429 ? { 'Retry-After': String(retryAfterOf(error)) } : {};
};

/** In seconds; what does not say is worth another try soon. */
const retryAfterOf = (error: unknown): number =>
  isDomainError(error) && 'retryAfter' in error && typeof error.retryAfter === 'number' ? error.retryAfter : 1;
