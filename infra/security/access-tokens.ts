import { decodeProtectedHeader, errors, jwtVerify, SignJWT, type JWTPayload } from 'jose';
import { LRUCache } from 'lru-cache';
import { DomainError } from '../../domains/shared/errors.js';
import type { KnownSigningKeys } from './known-signing-keys.js';
import type { RevokedSessions } from './revoked-sessions.js';
import { jwksOf, type Jwks, type SigningKey } from './signing-key.js';
import { accessTokenSeconds } from './token-lifetime.js';
import { createWhenOver, type TokenOverParts, type TokenTerms, type WhenOver } from './token-over.js';

/** Whoever a token was given to; once it was verified, with for how long it is good. */
export type Caller = Readonly<{ userId: string; roles: readonly string[] }> & TokenTerms;

/** JWTs signed with EdDSA (RFC 8037), valid for 15 minutes in every process, unless their session ends before. */
export type AccessTokens = Readonly<{
  /** `expiresIn` is in seconds. */
  issue: (caller: SessionCaller) => Promise<Readonly<{ accessToken: string; expiresIn: number }>>;
  /** @throws DomainError `auth.expired_token`, `auth.revoked_token` or `auth.invalid_token`. */
  verify: (token: string) => Promise<Caller>;
  /** At once, whose token it is where that was verified before; undefined where it must be looked at. */
  recall: (token: string) => Caller | undefined;
  whenOver: WhenOver;
  /** The public keys, those that will sign soon among them. */
  jwks: () => Promise<Jwks>;
}>;

type SessionCaller = Caller & Readonly<{ sessionId: string }>;

const issuer = 'evermart';

/** How many tokens are remembered to be ours: looking at a signature takes half a millisecond. */
const mostVerified = 10_000;

export type AccessTokenParts = Readonly<{
  signingKeys: Pick<KnownSigningKeys, 'current' | 'all' | 'find'>;
  revokedSessions: Pick<RevokedSessions, 'known'>;
}> &
  TokenOverParts;

export const createAccessTokens = ({ signingKeys, revokedSessions }: AccessTokenParts): AccessTokens => {
  const verified = new LRUCache<string, Verified>({ max: mostVerified });

  const remembered = (token: string): Verified | undefined => {
    const known = verified.get(token);
    return known && Date.now() < known.expiresAtMs && signingKeys.has(known.signedBy) ? known : undefined;
  };

  const look = async (token: string): Promise<Verified> => {
    const key = await signingKeys.find(kidOf(token));
    if (!key) throw notOurs();
    const found = await callerFrom(token, key);
    await revokedSessions.known();
    verified.set(token, found);
    return found;
  };

  return {
    issue: async ({ userId, roles, sessionId }) => {
      const { privateKey, kid } = await signingKeys.current();
      const accessToken = await new SignJWT({ roles, sid: sessionId })
        .setProtectedHeader({ alg: 'EdDSA', kid })
        .setSubject(userId)
        .setIssuer(issuer)
        .setAudience(issuer)
        .setIssuedAt()
        .setExpirationTime(`${accessTokenSeconds}s`)
        .sign(privateKey);
      return { accessToken, expiresIn: accessTokenSeconds };
    },
    verify: async (token) => {
      const caller = remembered(token) ?? (await look(token));
      if (!revokedSessions.has(caller.sessionId)) return caller;
      verified.delete(token);
      throw new DomainError('auth.revoked_token', 'The session of this access token has ended; sign in again');
    },
    recall: (token) => {
      const caller = remembered(token);
      return caller && !revokedSessions.has(caller.sessionId) ? caller : undefined;
    },
    whenOver: createWhenOver({ signingKeys, revokedSessions }),
    jwks: async () => jwksOf(await signingKeys.all()),
  };
};

type Verified = Caller & Required<TokenTerms>;

const notOurs = () => new DomainError('auth.invalid_token', 'The access token is not one of ours');

const kidOf = (token: string): string => {
  try {
    const { kid } = decodeProtectedHeader(token);
    if (kid !== undefined) return kid;
  } catch {
    // It is no token at all: refused like any that is not ours.
  }
  throw notOurs();
};

const callerFrom = async (token: string, { publicKey, kid }: SigningKey): Promise<Verified> => {
  try {
    const { payload } = await jwtVerify(token, publicKey, { algorithms: ['EdDSA'], issuer, audience: issuer });
    return callerOf(payload, kid);
  } catch (error) {
    if (error instanceof errors.JWTExpired)
      throw new DomainError('auth.expired_token', 'The access token has expired; refresh it or sign in again');
    throw notOurs();
  }
};

const callerOf = ({ sub, roles, sid, exp }: JWTPayload, signedBy: string): Verified => {
  const areRoles = Array.isArray(roles) && roles.every((role): role is string => typeof role === 'string');
  if (sub === undefined || !areRoles || typeof sid !== 'string' || exp === undefined)
    throw new Error('The token names no caller');
  return { userId: sub, roles, sessionId: sid, signedBy, expiresAtMs: exp * 1_000 };
};
