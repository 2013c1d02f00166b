import { jwtVerify, SignJWT } from 'jose';
import { DomainError } from '../../domains/shared/errors.js';
import { deriveKey } from './envelope.js';

/** What one process of the platform shows another: a JWT of one hour, signed with a key from the master key. */
export type ServiceTokens = Readonly<{
  issue: () => Promise<string>;
  /** @throws DomainError `auth.invalid_token` unless it is one of ours and still valid. */
  verify: (token: string) => Promise<void>;
}>;

const lifetimeSeconds = 60 * 60;
const audience = 'evermart-services';

export const createServiceTokens = (masterKey: string): ServiceTokens => {
  const key = deriveKey(masterKey, 'service-tokens');
  let current: { token: Promise<string>; renewAt: number } | undefined;
  const sign = () =>
    new SignJWT({})
      .setProtectedHeader({ alg: 'HS256' })
      .setAudience(audience)
      .setIssuedAt()
      .setExpirationTime(`${lifetimeSeconds}s`)
      .sign(key);
  return {
    issue: () => {
      const now = Date.now();
      if (!current || now >= current.renewAt) current = { token: sign(), renewAt: now + (lifetimeSeconds * 1000) / 2 };
      return current.token;
    },
    verify: async (token) => {
      try {
        await jwtVerify(token, key, { algorithms: ['HS256'], audience });
      } catch (error) {
        const refusal = new DomainError('auth.invalid_token', 'The service token is not one of ours');
        refusal.cause = error;
        throw refusal;
      }
    },
  };
};
