import { jwtVerify, SignJWT } from 'jose';
import { DomainError } from '../../domains/shared/errors.js';
import type { Keyring } from './keyring.js';
import { createSigningKey, jwksOf, type Jwks } from './signing-key.js';

/** What one process of the platform shows another: JWTs of one hour, signed with EdDSA (RFC 8037). */
export type ServiceTokens = Readonly<{
  /** A token that is good for half an hour at least. @throws DomainError `service.unavailable` without a signing key. */
  issue: () => Promise<string>;
  /** The name of the service that shows it. @throws DomainError `auth.invalid_token` unless it is ours and still valid. */
  verify: (token: string) => Promise<string>;
  /** The public key, for whoever has no access to the keyring. */
  jwks: () => Promise<Jwks>;
}>;

/** Who the tokens are for. */
export const serviceAudience = 'evermart-services';

const lifetimeSeconds = 60 * 60;

/** Tokens in the name of `service`; `now` is in milliseconds and for tests. */
export const createServiceTokens = (
  { keyring, service }: Readonly<{ keyring: Keyring; service: string }>,
  now: () => number = Date.now,
): ServiceTokens => {
  const signingKey = createSigningKey(keyring, 'service-signing');
  let current: Readonly<{ token: Promise<string>; renewAt: number }> | undefined;

  const sign = async (at: number): Promise<string> => {
    const { privateKey, kid } = await signingKey();
    const issuedAt = Math.floor(at / 1000);
    return new SignJWT({})
      .setProtectedHeader({ alg: 'EdDSA', kid })
      .setIssuer(service)
      .setSubject(service)
      .setAudience(serviceAudience)
      .setIssuedAt(issuedAt)
      .setExpirationTime(issuedAt + lifetimeSeconds)
      .sign(privateKey);
  };

  return {
    issue: () => {
      const at = now();
      if (current && at < current.renewAt) return current.token;
      const made = { token: sign(at), renewAt: at + (lifetimeSeconds * 1000) / 2 };
      current = made;
      made.token.catch(() => {
        if (current === made) current = undefined;
      });
      return made.token;
    },
    verify: async (token) => {
      const { publicKey } = await signingKey();
      try {
        const { payload } = await jwtVerify(token, publicKey, {
          algorithms: ['EdDSA'],
          audience: serviceAudience,
          requiredClaims: ['iss', 'sub', 'exp'],
          currentDate: new Date(now()),
        });
        if (payload.iss === undefined || payload.iss !== payload.sub) throw new Error('The token names no service');
        return payload.iss;
      } catch (error) {
        const refusal = new DomainError('auth.invalid_token', 'The service token is not one of ours');
        refusal.cause = error;
        throw refusal;
      }
    },
    jwks: async () => jwksOf([await signingKey()]),
  };
};
