import { errors, jwtVerify, SignJWT } from 'jose';
import { LRUCache } from 'lru-cache';
import { DomainError } from '../../domains/shared/errors.js';
import type { Keyring } from './keyring.js';
import { createSigningKey, jwksOf, type Jwks } from './signing-key.js';

/** Whoever a token was given to; once it was verified, with when it expires. */
export type Caller = Readonly<{ userId: string; roles: readonly string[]; expiresAtMs?: number }>;

/** JWTs signed with EdDSA (RFC 8037), valid for 15 minutes in every process that shares the keyring. */
export type AccessTokens = Readonly<{
  /** `expiresIn` is in seconds. */
  issue: (caller: Caller) => Promise<Readonly<{ accessToken: string; expiresIn: number }>>;
  /** @throws DomainError `auth.expired_token` or `auth.invalid_token`. */
  verify: (token: string) => Promise<Caller>;
  /** The public key. */
  jwks: () => Promise<Jwks>;
}>;

const expiresIn = 15 * 60;
const issuer = 'evermart';

/** How many tokens are remembered to be ours: looking at a signature takes half a millisecond. */
const mostVerified = 10_000;

export const createAccessTokens = (keyring: Keyring): AccessTokens => {
  const signingKey = createSigningKey(keyring, 'signing');
  const verified = new LRUCache<string, Caller & Readonly<{ expiresAtMs: number }>>({ max: mostVerified });
  return {
    issue: async ({ userId, roles }) => {
      const { privateKey, kid } = await signingKey();
      const accessToken = await new SignJWT({ roles })
        .setProtectedHeader({ alg: 'EdDSA', kid })
        .setSubject(userId)
        .setIssuer(issuer)
        .setAudience(issuer)
        .setIssuedAt()
        .setExpirationTime(`${expiresIn}s`)
        .sign(privateKey);
      return { accessToken, expiresIn };
    },
    verify: async (token) => {
      const known = verified.get(token);
      if (known && Date.now() < known.expiresAtMs) return known;
      const { publicKey } = await signingKey();
      try {
        const { payload } = await jwtVerify(token, publicKey, { algorithms: ['EdDSA'], issuer, audience: issuer });
        const caller = { ...callerOf(payload), expiresAtMs: (payload.exp ?? 0) * 1_000 };
        verified.set(token, caller);
        return caller;
      } catch (error) {
        if (error instanceof errors.JWTExpired)
          throw new DomainError('auth.expired_token', 'The access token has expired; refresh it or sign in again');
        throw new DomainError('auth.invalid_token', 'The access token is not one of ours');
      }
    },
    jwks: async () => jwksOf(await signingKey()),
  };
};

const callerOf = ({ sub, roles }: Readonly<{ sub?: string; roles?: unknown }>): Caller => {
  const areRoles = Array.isArray(roles) && roles.every((role): role is string => typeof role === 'string');
  if (sub === undefined || !areRoles) throw new Error('The token names no caller');
  return { userId: sub, roles };
};
