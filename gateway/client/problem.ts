/** An answer that is not a success, as RFC 9457 describes it. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  constructor(
    readonly status: number,
    /** Stable: what programs tell problems apart by. */
    readonly code: string,
    detail: string,
    /** Seconds after which to try again, where the platform says so. */
    readonly retryAfter?: number,
  ) {
    super(detail);
  }
}

/** The problem that an answer tells of; its body is read. */
export const problemOf = async (response: Response): Promise<ApiProblem> => {
  const { code, detail } = (await response.json().catch(() => ({}))) as { code?: unknown; detail?: unknown };
  const seconds = Number(response.headers.get('retry-after') ?? NaN);
  return new ApiProblem(response.status, String(code), String(detail), Number.isFinite(seconds) ? seconds : undefined);
};
