import { DomainError } from '../../domains/shared/errors.js';

/**
 * A refusal by `service.unavailable` or `service.timeout` that is about another service than the one that gives it:
 * whoever called that one has already tried again.
 */
export type UpstreamError = DomainError & Readonly<{ upstream: string }>;

/** Says that the service of a context is away or too slow. */
export const upstreamError = (
  upstream: string,
  {
    code,
    detail,
    cause,
  }: Readonly<{ code: 'service.unavailable' | 'service.timeout'; detail: string; cause?: unknown }>,
): UpstreamError => Object.assign(new DomainError(code, detail), { upstream, cause });

/** The context that an error says is away; undefined where it is no such error. */
export const upstreamOf = (error: unknown): string | undefined => {
  const { upstream } = Object(error) as { upstream?: unknown };
  return error instanceof DomainError && typeof upstream === 'string' ? upstream : undefined;
};
