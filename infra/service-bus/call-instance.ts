import { DomainError, errorCodes, type ErrorCode, type FieldError } from '../../domains/shared/errors.js';
import { upstreamError } from './upstream-error.js';

/** One HTTP call to one instance of a context's service. */
export type Call = Readonly<{
  context: string;
  url: string;
  /** JSON. */
  body: string;
  headers: Record<string, string>;
  /** Gives the call up. */
  signal: AbortSignal;
}>;

/**
 * What a call came to. `refused` is the service's considered answer; `failed` says that this instance is away, too slow
 * or unwell, and that nobody knows what became of the call.
 */
export type Reply = Readonly<
  { kind: 'answered'; answer: unknown } | { kind: 'refused'; error: Error } | { kind: 'failed'; error: DomainError }
>;

/** Calls an instance. Never throws. */
export const callInstance = async ({ context, url, body, headers, signal }: Call): Promise<Reply> => {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body,
      redirect: 'error',
      signal,
    });
    if (response.ok) return { kind: 'answered', answer: await response.json() };
    return replyOf(context, response.status, await response.text());
  } catch (cause) {
    return failed(context, signal.aborted ? 504 : 503, cause);
  }
};

/** Statuses of a server, or of a proxy before it, that cannot answer now (RFC 9110, 15.6). */
const unwell = [502, 503, 504];

const replyOf = (context: string, status: number, text: string): Reply => {
  const problem = problemIn(text);
  if (problem === null) {
    if (unwell.includes(status)) return failed(context, status, new Error(`Status ${status} without a reason`));
    return { kind: 'refused', error: new Error(`The ${context} service gave no reason`) };
  }
  const { code, detail, errors, upstream } = problem;
  if (code !== 'service.unavailable' && code !== 'service.timeout')
    return { kind: 'refused', error: new DomainError(code, detail, errors) };
  const error = upstreamError(upstream ?? context, { code, detail });
  return upstream === undefined ? { kind: 'failed', error } : { kind: 'refused', error };
};

const failed = (context: string, status: number, cause: unknown): Reply => {
  const error =
    status === 504
      ? ({ code: 'service.timeout', detail: `The ${context} service took too long; try again soon` } as const)
      : ({ code: 'service.unavailable', detail: `The ${context} service does not answer; try again soon` } as const);
  return { kind: 'failed', error: upstreamError(context, { ...error, cause }) };
};

export type Problem = Readonly<{ code: ErrorCode; detail: string; errors: readonly FieldError[]; upstream?: string }>;

/** The problem (RFC 9457) in a body; null where it is none of ours. */
export const problemIn = (text: string): Problem | null => {
  const { code, detail, errors, upstream } = (parsed(text) ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof code !== 'string' || !Object.hasOwn(errorCodes, code)) return null;
  return {
    code: code as ErrorCode,
    detail: String(detail),
    errors: Array.isArray(errors) ? (errors as FieldError[]) : [],
    ...(typeof upstream === 'string' ? { upstream } : {}),
  };
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    // A proxy's page: it has no code of ours.
    return null;
  }
};
