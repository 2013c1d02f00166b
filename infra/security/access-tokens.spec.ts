import { jest } from '@jest/globals';
import { createAccessTokens } from './access-tokens.js';
import type { Keyring } from './keyring.js';

const kept = new Map<string, Promise<Buffer>>();
const keyring: Keyring = {
  secret: (name, make) => {
    const secret = kept.get(name) ?? make?.() ?? Promise.reject(new Error('nobody makes it'));
    kept.set(name, secret);
    return secret;
  },
};
const caller = { userId: 'ada', roles: ['customer'] };
const coded = (code: string) => expect.objectContaining({ code }) as Error;

afterEach(() => {
  jest.useRealTimers();
});

describe('an access token that was verified before', () => {
  it('is taken again without a look at its signature', async () => {
    const { issue, verify } = createAccessTokens(keyring);
    const { accessToken } = await issue(caller);
    const first = await verify(accessToken);
    expect(first).toEqual({ ...caller, expiresAtMs: expect.any(Number) as number });
    expect(await verify(accessToken)).toBe(first);
  });

  it('is taken until it expires', async () => {
    const { issue, verify } = createAccessTokens(keyring);
    const { accessToken, expiresIn } = await issue(caller);
    await verify(accessToken);
    const expiry = Date.now() + expiresIn * 1_000;
    jest.useFakeTimers({
      now: expiry - 5_000,
      doNotFake: ['nextTick', 'setImmediate', 'setTimeout', 'queueMicrotask'],
    });
    expect(await verify(accessToken)).toMatchObject(caller);
    jest.setSystemTime(expiry + 1_000);
    await expect(verify(accessToken)).rejects.toEqual(coded('auth.expired_token'));
  });

  it('says nothing for one with another signature', async () => {
    const { issue, verify } = createAccessTokens(keyring);
    const { accessToken } = await issue(caller);
    await verify(accessToken);
    const [head, payload] = accessToken.split('.');
    const forged = [head, payload, Buffer.alloc(64).toString('base64url')].join('.');
    await expect(verify(forged)).rejects.toEqual(coded('auth.invalid_token'));
  });
});
