import createClient, { type Client } from 'openapi-fetch';
import type { EventSourceMessage } from 'eventsource-parser/stream';
import type { paths } from './api-types.js';
import { createSending } from './sending.js';
import { followEvents, type FollowOptions } from './server-sent-events.js';
import { createSession, type Session, type SignIn } from './session.js';

/** A client of the public API, typed by its description. */
export type Evermart = Readonly<{
  /** Every operation, by its method and path. All of them throw ApiProblem for what is not a success. */
  api: Client<paths>;
  signIn: (who: SignIn) => Promise<void>;
  signOut: () => Promise<void>;
  /** An order as it changes, or for staff all of them. @throws ApiProblem */
  follow: (options?: FollowOptions & Readonly<{ orderId?: string }>) => AsyncGenerator<EventSourceMessage, void>;
}>;

export type EvermartOptions = Readonly<{
  /** How often a request is sent again that may go better then; three times where nothing is said. */
  retries?: number;
}>;

/** @param url of the gateway, without the base path. */
export const createEvermart = (url: string, { retries = 3 }: EvermartOptions = {}): Evermart => {
  const session: Session = createSession(url);
  const send = createSending({ session, retries });
  return {
    api: createClient<paths>({ baseUrl: url, fetch: send }),
    signIn: session.signIn,
    signOut: session.signOut,
    follow: ({ orderId, ...options } = {}) => {
      const path = orderId === undefined ? '/events/orders' : `/orders/${encodeURIComponent(orderId)}/events`;
      return followEvents(send, `${url}/api/v1${path}`, options);
    },
  };
};

/** What an operation answered. */
export const answered = async <Data>(response: Promise<Readonly<{ data?: Data }>>): Promise<NonNullable<Data>> =>
  (await response).data as NonNullable<Data>;
