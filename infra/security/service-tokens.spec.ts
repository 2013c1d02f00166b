import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify, SignJWT, UnsecuredJWT } from 'jose';
import { DomainError } from '../../domains/shared/errors.js';
import type { Keyring } from './keyring.js';
import { createServiceTokens, serviceAudience } from './service-tokens.js';
import { createSigningKey } from './signing-key.js';

/** As PostgreSQL keeps it: the first who asks makes it. */
const newKeyring = (): Keyring => {
  const kept = new Map<string, Promise<Buffer>>();
  return {
    secret: (name, make) => {
      const secret = kept.get(name) ?? make?.() ?? Promise.reject(new Error('nobody makes it'));
      kept.set(name, secret);
      return secret;
    },
  };
};
const start = Date.UTC(2026, 0, 1);
const minute = 60_000;
const refused = expect.objectContaining({ code: 'auth.invalid_token' }) as Error;

let now: number;
let keyring: Keyring;
const tokensOf = (service: string, ring = keyring) => createServiceTokens({ keyring: ring, service }, () => now);
beforeEach(() => {
  now = start;
  keyring = newKeyring();
});

describe('a service token', () => {
  it('tells every process that shares the keyring who asks', async () => {
    const token = await tokensOf('orders').issue();
    expect(await tokensOf('users').verify(token)).toBe('orders');
    expect(decodeJwt(token)).toEqual({
      iss: 'orders',
      sub: 'orders',
      aud: serviceAudience,
      iat: start / 1000,
      exp: start / 1000 + 3600,
    });
  });

  it('is checked with the public key alone', async () => {
    const tokens = tokensOf('orders');
    const token = await tokens.issue();
    const jwks = await tokens.jwks();
    expect(decodeProtectedHeader(token)).toEqual({ alg: 'EdDSA', kid: jwks.keys[0]?.kid });
    expect(jwks.keys[0]).not.toHaveProperty('d');
    const read = createLocalJWKSet({ keys: [...jwks.keys] });
    const { payload } = await jwtVerify(token, read, { audience: serviceAudience, currentDate: new Date(now) });
    expect(payload.iss).toBe('orders');
  });

  it('is kept for half its life, and good for an hour', async () => {
    const tokens = tokensOf('orders');
    const first = await tokens.issue();
    now = start + 30 * minute - 1;
    expect(await tokens.issue()).toBe(first);
    now = start + 30 * minute;
    expect(await tokens.issue()).not.toBe(first);
    now = start + 60 * minute - 1;
    expect(await tokens.verify(first)).toBe('orders');
    now = start + 60 * minute;
    await expect(tokens.verify(first)).rejects.toEqual(refused);
  });

  it('is made anew after the keyring was away', async () => {
    let isAway = true;
    const away = () => Promise.reject(new DomainError('service.unavailable', 'PostgreSQL does not answer'));
    const tokens = tokensOf('orders', {
      secret: (name, make) => (isAway ? away() : keyring.secret(name, make)),
    });
    await expect(tokens.issue()).rejects.toMatchObject({ code: 'service.unavailable' });
    isAway = false;
    expect(await tokensOf('users').verify(await tokens.issue())).toBe('orders');
  });

  it.each([
    ['of another keyring', () => tokensOf('orders', newKeyring()).issue()],
    ['for users', () => signed({ iss: 'orders', sub: 'orders' }, 'evermart')],
    ['without a signature', () => Promise.resolve(new UnsecuredJWT({}).setAudience(serviceAudience).encode())],
    ['that names nobody', () => signed({})],
    ['in two names', () => signed({ iss: 'orders', sub: 'users' })],
    ['that is no token', () => Promise.resolve('token')],
  ])('%s is refused', async (_case, make) => {
    await expect(tokensOf('users').verify(await make())).rejects.toEqual(refused);
  });
});

const signed = async (claims: Record<string, string>, audience = serviceAudience) => {
  const { privateKey, kid } = await createSigningKey(keyring, 'service-signing')();
  return new SignJWT(claims)
    .setProtectedHeader({ alg: 'EdDSA', kid })
    .setAudience(audience)
    .setExpirationTime(start / 1000 + 3600)
    .sign(privateKey);
};
