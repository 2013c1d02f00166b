import { ApiProblem, problemOf } from './problem.js';

export type SignIn = Readonly<{ email: string; password: string }>;

/** Somebody's tokens: the access token is renewed by itself. */
export type Session = Readonly<{
  accessToken: () => string | undefined;
  /** @throws ApiProblem where email or password is wrong. */
  signIn: (who: SignIn) => Promise<void>;
  /**
   * Gets another access token in the place of `expired`; several who ask at once get one. Says whether there is one.
   *
   * @throws TypeError where the platform cannot be reached.
   */
  renew: (expired: string | undefined) => Promise<boolean>;
  /** Forgets the tokens, also where it fails. @throws ApiProblem; TypeError where the platform cannot be reached. */
  signOut: () => Promise<void>;
}>;

export type Tokens = Readonly<{ accessToken: string; refreshToken: string }>;

/** Where tokens outlive whoever uses them, as in a page that is loaded again. */
export type KeptTokens = Readonly<{ read: () => Tokens | null; write: (tokens: Tokens | null) => void }>;

/** Tokens, and the ones that come in their place, `null` where the session is over. */
type Held = { readonly tokens: Tokens; renewing?: Promise<Tokens | null> | undefined };

/** @param url of the gateway, without the base path. Tokens stay in memory where nothing else keeps them. */
export const createSession = (url: string, kept: KeptTokens = inMemory): Session => {
  const before = kept.read();
  let held: Held | null = before && { tokens: before };

  const hold = (tokens: Tokens | null) => {
    held = tokens && { tokens };
    kept.write(tokens);
  };

  const post = async (path: string, body: object, headers: Readonly<Record<string, string>> = {}) => {
    const response = await fetch(`${url}/api/v1/auth/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw await problemOf(response);
    return response;
  };

  const renewed = async ({ refreshToken }: Tokens): Promise<Tokens | null> => {
    try {
      return (await (await post('refresh', { refreshToken })).json()) as Tokens;
    } catch (error) {
      if (!isRefused(error)) throw error;
      return null;
    }
  };

  const end = ({ accessToken, refreshToken }: Tokens) =>
    post('logout', { refreshToken }, { authorization: `Bearer ${accessToken}` });

  return {
    accessToken: () => held?.tokens.accessToken,
    signIn: async ({ email, password }) => {
      hold((await (await post('token', { email, password })).json()) as Tokens);
    },
    renew: async (expired) => {
      const mine = held;
      if (!mine) return false;
      if (mine.tokens.accessToken !== expired) return true;
      mine.renewing ??= renewed(mine.tokens).finally(() => {
        mine.renewing = undefined;
      });
      const next = await mine.renewing;
      // Whoever signed out or in meanwhile does not get these.
      if (held === mine) hold(next);
      return next !== null && held?.tokens === next;
    },
    signOut: async () => {
      const mine = held;
      if (!mine) return;
      hold(null);
      const newest = mine.renewing ? await mine.renewing.catch(() => mine.tokens) : mine.tokens;
      if (!newest) return;
      try {
        await end(newest);
      } catch (error) {
        if (!isRefused(error)) throw error;
        const next = await renewed(newest);
        if (next) await end(next);
      }
    },
  };
};

const isRefused = (error: unknown): boolean => error instanceof ApiProblem && error.status === 401;

const inMemory: KeptTokens = { read: () => null, write: () => undefined };
