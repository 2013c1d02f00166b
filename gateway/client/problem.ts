import type { components } from './api-types.js';

type Problem = components['schemas']['Problem'];

/** What an answer may say beside its problem's code and detail. */
type Particulars = Readonly<{ title?: string; retryAfter?: number; errors?: Problem['errors']; traceId?: string }>;

/** An answer that is not a success, as RFC 9457 describes it. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  /** What kind of problem it is, for people; the same for every problem of a code. */
  readonly title: string | undefined;
  /** Seconds after which to try again, where the platform says so. */
  readonly retryAfter: number | undefined;
  /** Each field that is wrong, by an RFC 6901 pointer. */
  readonly errors: NonNullable<Problem['errors']>;
  /** What whoever runs the platform finds the request by. */
  readonly traceId: string | undefined;

  constructor(
    readonly status: number,
    /** Stable: what programs tell problems apart by. */
    readonly code: string,
    detail: string,
    { title, retryAfter, errors = [], traceId }: Particulars = {},
  ) {
    super(detail);
    this.title = title;
    this.retryAfter = retryAfter;
    this.errors = errors;
    this.traceId = traceId;
  }
}

/** The problem that an answer tells of; its body is read. */
export const problemOf = async (response: Response): Promise<ApiProblem> => {
  const { code, title, detail, errors, traceId } = (await response.json().catch(() => ({}))) as Partial<Problem>;
  const seconds = Number(response.headers.get('retry-after') ?? NaN);
  return new ApiProblem(response.status, String(code), String(detail), {
    ...(Number.isFinite(seconds) && { retryAfter: seconds }),
    ...(title !== undefined && { title }),
    ...(errors && { errors }),
    ...(traceId !== undefined && { traceId }),
  });
};
