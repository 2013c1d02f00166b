import { randomUUID } from 'node:crypto';
import type { Calls } from './calls.js';

/** Somebody who buys. */
export type Customer = Readonly<{
  /** What `Authorization` says, by a token that is not old. */
  authorization: () => Promise<string>;
  /** Signs in, takes a new token for the old one, and signs out. */
  comeAndGo: () => Promise<void>;
  /** The ids of what they ordered. */
  orders: string[];
}>;

type Tokens = Readonly<{ accessToken: string; refreshToken: string }>;

/** Half of what a token lives. */
const freshMs = 7 * 60_000;

/** Registers somebody and signs them in. */
export const newCustomer = async ({ send }: Calls): Promise<Customer> => {
  const who = { email: `${randomUUID()}@example.org`, password: randomUUID() };
  await send({ kind: 'register', method: 'POST', path: '/users', body: { ...who, name: 'Ada' }, expected: [201] });

  const auth = async (path: string, body: object, expected: number): Promise<unknown> =>
    (await send({ kind: 'sign-in', method: 'POST', path: `/auth/${path}`, body, expected: [expected] })).body;
  const signIn = async () => (await auth('token', who, 200)) as Tokens;

  let current = await signIn();
  let since = performance.now();
  return {
    orders: [],
    authorization: async () => {
      if (performance.now() - since > freshMs) [current, since] = [await signIn(), performance.now()];
      return `Bearer ${current.accessToken}`;
    },
    comeAndGo: async () => {
      const { refreshToken } = await signIn();
      const renewed = (await auth('refresh', { refreshToken }, 200)) as Tokens;
      const headers = { authorization: `Bearer ${renewed.accessToken}` };
      const body = { refreshToken: renewed.refreshToken };
      await send({ kind: 'sign-in', method: 'POST', path: '/auth/logout', headers, body, expected: [204] });
    },
  };
};
