import { pause } from './pause.js';
import { ApiProblem, problemOf } from './problem.js';
import type { Session } from './session.js';
import { createWritten } from './written.js';

export type SendingOptions = Readonly<{
  session: Session;
  /** How often a request is sent again that may go better then; 0 for never. */
  retries: number;
}>;

/**
 * A `fetch` that sends what goes with every request: who asks, a key under which a command takes effect once, and what
 * was written before, so that reads see it. It renews the access token, and sends again what may go better then.
 *
 * It throws ApiProblem for every answer that is not a success, and TypeError where the platform cannot be reached.
 */
export const createSending = ({ session, retries }: SendingOptions): ((request: Request) => Promise<Response>) => {
  const written = createWritten();

  const send = async (request: Request): Promise<Response> => {
    const token = session.accessToken();
    const response = await fetch(prepared(request.clone(), token));
    if (response.status === 401 && token !== undefined && (await session.renew(token)))
      return fetch(prepared(request, session.accessToken()));
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
        if (left <= 0 || !mayPass(error)) throw error;
        await pause(pauseMs(error, retries - left));
      }
    }
  };
};

/** Whoever is to wait longer is told so instead. */
const mostSeconds = 30;

/** A command is sent again under its key, so that it takes effect once also where the answer was lost. */
const mayPass = (error: unknown): boolean =>
  error instanceof ApiProblem
    ? [429, 502, 503, 504].includes(error.status) && (error.retryAfter ?? 0) <= mostSeconds
    : (error as Error).name === 'TypeError';

/** What the platform says, else longer each time. @param tried how often it was sent again before. */
export const pauseMs = (error: unknown, tried: number): number =>
  error instanceof ApiProblem && error.retryAfter !== undefined ? error.retryAfter * 1_000 : 200 * 2 ** tried;
