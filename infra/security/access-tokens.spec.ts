import { jest } from '@jest/globals';
import { decodeProtectedHeader, SignJWT } from 'jose';
import { createAccessTokens } from './access-tokens.js';
import { createKnownSigningKeys } from './known-signing-keys.js';
import { newSigningKey, signingKeyOf } from './signing-key.js';
import type { DatedKey } from './signing-keys.js';

const dated = (signsInMs: number): DatedKey => ({
  ...signingKeyOf(newSigningKey()),
  name: 'signing',
  signsFrom: new Date(Date.now() + signsInMs),
  signsInMs,
});

/** Tokens by keys that a test changes, with a clock of its own for when keys are read again. */
const world = (first: DatedKey = dated(-1)) => {
  let keys: readonly DatedKey[] = [first];
  let nowMs = 0;
  let reads = 0;
  const revoked = new Set<string>();
  const signingKeys = createKnownSigningKeys(
    async () => {
      reads += 1;
      return Promise.resolve(keys);
    },
    () => nowMs,
  );
  const revokedSessions = {
    has: (id: string) => revoked.has(id),
    known: () => Promise.resolve(),
    onEnd: () => () => undefined,
  };
  return {
    ...createAccessTokens({ signingKeys, revokedSessions }),
    signingKeys,
    revoked,
    change: (changed: readonly DatedKey[]) => (keys = changed),
    pass: (ms: number) => (nowMs += ms),
    reads: () => reads,
  };
};
const caller = { userId: 'ada', roles: ['customer'], sessionId: 's1' };
const coded = (code: string) => expect.objectContaining({ code }) as Error;

afterEach(() => {
  jest.useRealTimers();
});

describe('an access token that was verified before', () => {
  it('is taken again without a look at its signature', async () => {
    const { issue, verify, recall } = world();
    const { accessToken } = await issue(caller);
    expect(recall(accessToken)).toBeUndefined();
    const first = await verify(accessToken);
    expect(first).toEqual({
      ...caller,
      signedBy: decodeProtectedHeader(accessToken).kid,
      expiresAtMs: expect.any(Number) as number,
    });
    expect(await verify(accessToken)).toBe(first);
    expect(recall(accessToken)).toBe(first);
  });

  it('is taken until it expires', async () => {
    const { issue, verify, recall } = world();
    const { accessToken, expiresIn } = await issue(caller);
    await verify(accessToken);
    const expiry = Date.now() + expiresIn * 1_000;
    jest.useFakeTimers({
      now: expiry - 5_000,
      doNotFake: ['nextTick', 'setImmediate', 'setTimeout', 'queueMicrotask', 'performance'],
    });
    expect(await verify(accessToken)).toMatchObject(caller);
    jest.setSystemTime(expiry + 1_000);
    expect(recall(accessToken)).toBeUndefined();
    await expect(verify(accessToken)).rejects.toEqual(coded('auth.expired_token'));
  });

  it('says nothing for one with another signature', async () => {
    const { issue, verify, recall } = world();
    const { accessToken } = await issue(caller);
    await verify(accessToken);
    const [head, payload] = accessToken.split('.');
    const forged = [head, payload, Buffer.alloc(64).toString('base64url')].join('.');
    for (let attempt = 0; attempt < 2; attempt += 1)
      await expect(verify(forged)).rejects.toEqual(coded('auth.invalid_token'));
    expect(recall(forged)).toBeUndefined();
  });

  it('is refused once its session has ended, and others are not', async () => {
    const { issue, verify, recall, revoked } = world();
    const { accessToken } = await issue(caller);
    const { accessToken: other } = await issue({ ...caller, sessionId: 's2' });
    await verify(accessToken);
    revoked.add('s1');
    expect(recall(accessToken)).toBeUndefined();
    await expect(verify(accessToken)).rejects.toEqual(coded('auth.revoked_token'));
    expect(await verify(other)).toMatchObject({ sessionId: 's2' });
  });

  it('is refused once its key was dropped', async () => {
    const { issue, verify, recall, change, signingKeys } = world();
    const { accessToken } = await issue(caller);
    await verify(accessToken);
    change([dated(-1)]);
    await signingKeys.reread();
    expect(recall(accessToken)).toBeUndefined();
    await expect(verify(accessToken)).rejects.toEqual(coded('auth.invalid_token'));
  });
});

describe('a token that is not ours', () => {
  const signed = async (claims: object, { kid, privateKey }: DatedKey) =>
    new SignJWT({ ...claims, iss: 'evermart', aud: 'evermart', sub: 'ada' })
      .setProtectedHeader({ alg: 'EdDSA', kid })
      .setExpirationTime('15m')
      .sign(privateKey);

  it.each(['', 'x', 'a.b.c', 'e30.e30.e30'])('is no token at all: %j', async (token) =>
    expect(world().verify(token)).rejects.toEqual(coded('auth.invalid_token')),
  );

  it('names no session', async () => {
    const key = dated(-1);
    const { verify } = world(key);
    expect(await verify(await signed({ roles: [], sid: 's1' }, key))).toMatchObject({ userId: 'ada' });
    await expect(verify(await signed({ roles: [] }, key))).rejects.toEqual(coded('auth.invalid_token'));
  });

  it('is of a key that nobody knows, for which the keys are not read each time', async () => {
    const { issue, verify, reads } = world();
    await issue(caller);
    const before = reads();
    for (let attempt = 0; attempt < 5; attempt += 1)
      await expect(verify(await signed({ roles: ['admin'], sid: 's1' }, dated(-1)))).rejects.toEqual(
        coded('auth.invalid_token'),
      );
    expect(reads()).toBe(before);
  });
});

describe('while the signing key changes', () => {
  it('the new one is published first, then signs, and what the old one signed is good', async () => {
    const old = dated(-1);
    const { issue, verify, jwks, change, pass } = world(old);
    const { accessToken: before } = await issue(caller);
    const next = dated(600_000);
    change([next, old]);

    pass(60_000);
    expect((await jwks()).keys.map(({ kid }) => kid)).toEqual([next.kid, old.kid]);
    expect(decodeProtectedHeader((await issue(caller)).accessToken).kid).toBe(old.kid);

    change([{ ...next, signsInMs: -1 }, old]);
    pass(600_000);
    const { accessToken: after } = await issue(caller);
    expect(decodeProtectedHeader(after).kid).toBe(next.kid);
    expect(await Promise.all([before, after].map(verify))).toMatchObject([caller, caller]);
  });

  it('a process that did not hear of it learns it from the first token', async () => {
    const [here, there] = [world(), world()];
    const { accessToken } = await there.issue(caller);
    const [key] = (await there.signingKeys.all()) as [DatedKey];
    await here.issue(caller);
    here.change([key]);
    await expect(here.verify(accessToken)).rejects.toEqual(coded('auth.invalid_token'));
    here.pass(10_000);
    expect(await Promise.all([here.verify(accessToken), here.verify(accessToken)])).toMatchObject([caller, caller]);
    expect(here.reads()).toBe(2);
  });
});
