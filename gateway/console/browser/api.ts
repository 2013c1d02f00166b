import { ApiProblem } from '../../client/problem.js';
import { createSending } from '../../client/sending.js';
import { followEvents, type FollowOptions } from '../../client/server-sent-events.js';
import type { Session } from '../../client/session.js';

/** The public API in the name of whoever is signed in. Everything throws ApiProblem for what is not a success. */
export type Api = Readonly<{
  get: (path: string, asked?: Asked) => Promise<unknown>;
  send: (method: 'POST' | 'DELETE', path: string, body?: object) => Promise<unknown>;
  /** What an operation answers where that is not JSON. */
  bytes: (path: string, body: object) => Promise<Blob>;
  /** Messages of a stream of events, over one connection after the other. */
  follow: (path: string, hears: Connecting, options: FollowOptions) => ReturnType<typeof followEvents>;
}>;

/** Hears how the connection of a stream stands. */
export type Connecting = Readonly<{ onConnecting: () => void; onOpen: () => void }>;

/** A query string; what is undefined or empty is left out. */
export type Asked = Readonly<Record<string, string | number | undefined>>;

/** @param onOver is called when the session is over: nothing can be asked before somebody signs in again. */
export const createApi = (session: Session, onOver: () => void): Api => {
  const sending = createSending({ session, retries: 2 });
  const base = `${location.origin}/api/v1`;

  const sent = async (request: Request): Promise<Response> => {
    try {
      return await sending(request);
    } catch (error) {
      if (error instanceof ApiProblem && error.status === 401) onOver();
      throw error;
    }
  };
  const withBody = (method: string, path: string, body?: object) =>
    new Request(base + path, {
      method,
      ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });

  return {
    get: async (path, asked) => answerOf(await sent(new Request(base + path + searchOf(asked)))),
    send: async (method, path, body) => answerOf(await sent(withBody(method, path, body))),
    bytes: async (path, body) => (await sent(withBody('POST', path, body))).blob(),
    follow: (path, { onConnecting, onOpen }, options) => {
      const opening = async (request: Request) => {
        onConnecting();
        const response = await sent(request);
        onOpen();
        return response;
      };
      return followEvents(opening, base + path, options);
    },
  };
};

const answerOf = async (response: Response): Promise<unknown> => {
  const text = await response.text();
  return text === '' ? null : (JSON.parse(text) as unknown);
};

/** With a question mark before it; nothing where nothing is asked. */
export const searchOf = (asked: Asked = {}): string => {
  const given = Object.entries(asked).filter(([, value]) => value !== undefined && value !== '');
  return given.length === 0
    ? ''
    : `?${new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString()}`;
};
