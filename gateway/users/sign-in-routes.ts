import { DomainError } from '../../domains/shared/errors.js';
import type { AccessTokens } from '../../infra/security/access-tokens.js';
import type { Credentials } from '../../infra/security/credentials.js';
import type { Lookups } from '../../infra/security/lookups.js';
import type { RefreshTokens, SessionToken } from '../../infra/security/refresh-tokens.js';
import type { ServiceBus } from '../../infra/service-bus/service-bus.js';
import { bareRoute, route, type Answer, type Plain, type Route } from '../http/route.js';
import { noContent, ok } from '../http/success.js';
import { RefreshTokenDto, SignInDto } from './dto.js';
import type { SignInThrottle } from './sign-in-throttle.js';
import { PublicKeysAnswer, TokensAnswer } from './token-answers.js';

export type SignInParts = Readonly<{
  bus: ServiceBus;
  credentials: Credentials;
  accessTokens: AccessTokens;
  refreshTokens: RefreshTokens;
  lookups: Lookups;
  throttle: SignInThrottle;
}>;

/** Signing in and out, and the public keys of our tokens. */
export const signInRoutes = (parts: SignInParts): readonly Route[] => {
  const { bus, credentials, accessTokens, refreshTokens, lookups, throttle } = parts;

  /** `null` where there is no such person: credentials are kept a little before the person is registered. */
  const rolesOf = async (userId: string) => (await bus.ask('users', 'rolesOf', { userId })) as readonly string[] | null;

  /**
   * Begins a session of the first who is registered. It is there before the roles are looked up: whoever changes them
   * after the look finds it, and ends it.
   */
  const begin = async (candidates: readonly string[]): Promise<Answer<Plain<TokensAnswer>> | null> => {
    for (const userId of candidates) {
      const session = await refreshTokens.issue(userId);
      const roles = await rolesOf(userId);
      if (roles) return tokensOf(userId, roles, session);
      await refreshTokens.revoke(session.refreshToken);
    }
    return null;
  };

  /** RFC 6749, 5.1: an answer with tokens is stored nowhere. */
  const tokensOf = async (
    userId: string,
    roles: readonly string[],
    { refreshToken, sessionId }: SessionToken,
  ): Promise<Answer<Plain<TokensAnswer>>> => {
    const { accessToken, expiresIn } = await accessTokens.issue({ userId, roles, sessionId });
    return { status: 200, headers: unstored, body: { accessToken, refreshToken, tokenType: 'Bearer', expiresIn } };
  };

  return [
    route(
      'POST',
      '/auth/token',
      {
        id: 'signIn',
        summary: 'Signs in',
        access: 'public',
        body: SignInDto,
        answers: ok(TokensAnswer),
        refuses: ['auth.bad_credentials', 'auth.too_many_attempts'],
      },
      async ({ body: { email, password }, address }) => {
        const emailHash = await lookups.emailHash(email);
        const answer = await throttle(
          { emailHash, address },
          async () => (await begin(await credentials.verify({ emailHash, password }))) ?? undefined,
        );
        if (!answer) throw new DomainError('auth.bad_credentials', 'There is no account with this email and password');
        return answer;
      },
    ),

    route(
      'POST',
      '/auth/refresh',
      {
        id: 'refreshTokens',
        summary: 'Gives new tokens for a refresh token, which is used up',
        access: 'public',
        body: RefreshTokenDto,
        answers: ok(TokensAnswer),
        refuses: ['auth.invalid_token'],
      },
      async ({ body }) => {
        // The person is looked up before the token is used up: a client whose refresh fails can send it again.
        const owner = await refreshTokens.ownerOf(body.refreshToken);
        const roles = owner === null ? null : await rolesOf(owner);
        const { userId, ...session } = await refreshTokens.rotate(body.refreshToken);
        if (roles === null) throw new DomainError('auth.invalid_token', 'The account is no longer there');
        return tokensOf(userId, roles, session);
      },
    ),

    route(
      'POST',
      '/auth/logout',
      {
        id: 'signOut',
        summary: 'Signs out: neither token is good any more',
        access: 'signed_in',
        body: RefreshTokenDto,
        answers: noContent,
      },
      async ({ body, caller }) => {
        await refreshTokens.revoke(body.refreshToken, caller.sessionId);
        return { status: 204 };
      },
    ),

    bareRoute(
      'GET',
      '/.well-known/jwks.json',
      { id: 'getPublicKeys', summary: 'The public keys of access tokens', answers: ok(PublicKeysAnswer) },
      async () => ({ status: 200, headers: keptByReaders, body: await accessTokens.jwks() }),
    ),
  ];
};

const unstored = { 'Cache-Control': 'no-store' };

/** For less time than a new key is there before it signs. */
const keptByReaders = { 'Cache-Control': 'public, max-age=300' };
