import { pause } from './pause.js';
import { ApiProblem, problemOf } from './problem.js';
import type { Session } from './session.js';
import { createWritten } from './written.js';

export type SendingOptions = Readonly<{
  session: Session;
  /** How often a request is sent again that may go better then; 0 for never. */
  retries: number;
  /** The statuses of answers that may be better then; without them those that say so. */
  passing?: readonly number[];
  /** What sends a request; `fetch` without it. */
  sendOne?: (request: Request) => Promise<Response>;
}>;

/**
 * A `fetch` that sends what goes with every request: who asks, a key under which a command takes effect once, and what
 * was written before, so that reads see it. It renews the access token, and sends again what may go better then.
 *
 * It throws ApiProblem for every answer that is not a success, and TypeError where the platform cannot be reached.
 */
export const createSending = (options: SendingOptions): ((request: Request) => Promise<Response>) => {
  const { session, retries, passing = usuallyPassing, sendOne = fetchOne } = options;
  const written = createWritten();

  const send = async (request: Request): Promise<Response> => {
    const token = session.accessToken();
    const response = await sendOne(prepared(request.clone(), token));
    if (response.status === 401 && token !== undefined && (await session.renew(token)))
      return sendOne(prepared(request, session.accessToken()));
    return response;
  };

  const prepared = (request: Request, token: string | undefined): Request => {
    if (token !== undefined) request.headers.set('authorization', `Bearer ${token}`);
    if (request.method === 'GET') written.ask(request.headers);
    return request;
  };

  return async (request) => {
    if (request.method !== 'GET' && !request.headers.has('idempotency-key'))
      request.headers.set('idempotency-key', crypto.randomUUID());
    for (let left = retries; ; left -= 1) {
      try {
        const response = await send(request.clone());
        if (!response.ok) throw await problemOf(response);
        written.remember(response.headers);
        return response;
      } catch (error) {
        if (left <= 0 || !mayPass(error, passing)) throw error;
        await pause(pauseMs(error, retries - left));
      }
    }
  };
};

/** Whoever is to wait longer is told so instead. */
const mostSeconds = 30;

const usuallyPassing = [429, 502, 503, 504];

/** Looked up when it is called: whoever has put another in its place means it. */
const fetchOne = (request: Request): Promise<Response> => fetch(request);

/** A command is sent again under its key, so that it takes effect once also where the answer was lost. */
const mayPass = (error: unknown, passing: readonly number[]): boolean =>
  error instanceof ApiProblem
    ? passing.includes(error.status) && (error.retryAfter ?? 0) <= mostSeconds
    : (error as Error).name === 'TypeError';

/** What the platform says, else longer each time. @param tried how often it was sent again before. */
export const pauseMs = (error: unknown, tried: number): number =>
  error instanceof ApiProblem && error.retryAfter !== undefined ? error.retryAfter * 1_000 : 200 * 2 ** tried;
