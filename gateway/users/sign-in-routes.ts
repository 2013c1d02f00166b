import { DomainError } from '../../domains/shared/errors.js';
import type { AccessTokens, Caller } from '../../infra/security/access-tokens.js';
import type { Credentials } from '../../infra/security/credentials.js';
import type { Lookups } from '../../infra/security/lookups.js';
import type { RefreshTokens } from '../../infra/security/refresh-tokens.js';
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

/** Signing in and out, and the public key of our tokens. */
export const signInRoutes = (parts: SignInParts): readonly Route[] => {
  const { bus, credentials, accessTokens, refreshTokens, lookups, throttle } = parts;

  /** `null` where there is no such person: credentials are kept a little before the person is registered. */
  const callerOf = async (userId: string): Promise<Caller | null> => {
    const roles = (await bus.ask('users', 'rolesOf', { userId })) as readonly string[] | null;
    return roles && { userId, roles };
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
        const caller = await throttle({ emailHash, address }, async () => {
          const candidates = await credentials.verify({ emailHash, password });
          return (await Promise.all(candidates.map(callerOf))).find((found) => found !== null) ?? undefined;
        });
        if (!caller) throw new DomainError('auth.bad_credentials', 'There is no account with this email and password');
        const issued = await accessTokens.issue(caller);
        return tokenAnswer(issued, await refreshTokens.issue(caller.userId));
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
        const caller = owner === null ? null : await callerOf(owner);
        const { refreshToken } = await refreshTokens.rotate(body.refreshToken);
        if (caller === null) throw new DomainError('auth.invalid_token', 'The account is no longer there');
        return tokenAnswer(await accessTokens.issue(caller), refreshToken);
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
      async ({ body }) => {
        await refreshTokens.revoke(body.refreshToken);
        return { status: 204 };
      },
    ),

    bareRoute(
      'GET',
      '/.well-known/jwks.json',
      { id: 'getPublicKeys', summary: 'The public keys of access tokens', answers: ok(PublicKeysAnswer) },
      async () => ({ status: 200, body: await accessTokens.jwks() }),
    ),
  ];
};

/** RFC 6749, 5.1: an answer with tokens is stored nowhere. */
const tokenAnswer = (
  { accessToken, expiresIn }: Awaited<ReturnType<AccessTokens['issue']>>,
  refreshToken: string,
): Answer<Plain<TokensAnswer>> => ({
  status: 200,
  headers: { 'Cache-Control': 'no-store' },
  body: { accessToken, refreshToken, tokenType: 'Bearer', expiresIn },
});
