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
  signOut: () => Promise<void>;
}>;

type Tokens = Readonly<{ accessToken: string; refreshToken: string }>;

/** @param url of the gateway, without the base path. */
export const createSession = (url: string): Session => {
  let tokens: Tokens | undefined;
  let renewing: Promise<boolean> | undefined;

  const post = async (path: string, body: object, headers: Readonly<Record<string, string>> = {}) => {
    const response = await fetch(`${url}/api/v1/auth/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw await problemOf(response);
    return response;
  };

  const renewFrom = async ({ refreshToken }: Tokens): Promise<boolean> => {
    try {
      tokens = (await (await post('refresh', { refreshToken })).json()) as Tokens;
      return true;
    } catch (error) {
      if (!(error instanceof ApiProblem) || error.status !== 401) throw error;
      tokens = undefined;
      return false;
    }
  };

  return {
    accessToken: () => tokens?.accessToken,
    signIn: async ({ email, password }) => {
      tokens = (await (await post('token', { email, password })).json()) as Tokens;
    },
    renew: async (expired) => {
      if (!tokens) return false;
      if (tokens.accessToken !== expired) return true;
      renewing ??= renewFrom(tokens).finally(() => {
        renewing = undefined;
      });
      return renewing;
    },
    signOut: async () => {
      if (!tokens) return;
      const { accessToken, refreshToken } = tokens;
      tokens = undefined;
      await post('logout', { refreshToken }, { authorization: `Bearer ${accessToken}` });
    },
  };
};
