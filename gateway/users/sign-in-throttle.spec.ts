import { createMemoryBuckets } from '../limits/memory-buckets.js';
import { createSignInThrottle, type Attempt } from './sign-in-throttle.js';

const ada = { emailHash: 'ada', address: '192.0.2.1' };
const refused = expect.objectContaining({ code: 'auth.too_many_attempts', retryAfter: 30 }) as Error;

const begin = () => {
  let verified = 0;
  const throttle = createSignInThrottle(createMemoryBuckets(() => 0));
  const trying = (attempt: Attempt, outcome: () => Promise<string | undefined>) =>
    throttle(attempt, () => {
      verified += 1;
      return outcome();
    });
  const wrong = () => Promise.resolve(undefined);
  return {
    verified: () => verified,
    fail: (attempt: Attempt) => trying(attempt, wrong),
    failOften: async (count: number, attempt: (index: number) => Attempt) => {
      for (let index = 0; index < count; index += 1) await trying(attempt(index), wrong);
    },
    succeed: (attempt: Attempt) => trying(attempt, () => Promise.resolve('ada')),
    breakDown: (attempt: Attempt) => trying(attempt, () => Promise.reject(new Error('PostgreSQL is away'))),
  };
};

describe('signing in', () => {
  it('is refused after ten failures, and nothing is verified then', async () => {
    const { failOften, succeed, verified } = begin();
    await failOften(10, () => ada);
    await expect(succeed(ada)).rejects.toEqual(refused);
    expect(verified()).toBe(10);
  });

  it('is refused also where all attempts come at once', async () => {
    const { fail, verified } = begin();
    await Promise.allSettled(Array.from({ length: 50 }, () => fail(ada)));
    expect(verified()).toBe(10);
  });

  it('is not refused to the owner, who comes from elsewhere', async () => {
    const { failOften, succeed } = begin();
    await failOften(10, () => ada);
    expect(await succeed({ ...ada, address: '198.51.100.1' })).toBe('ada');
  });

  it('costs nothing where it succeeds, or where it could not be found out', async () => {
    const { failOften, succeed, breakDown } = begin();
    for (let index = 0; index < 20; index += 1) {
      await succeed(ada);
      await expect(breakDown(ada)).rejects.toThrow('PostgreSQL is away');
    }
    await expect(failOften(10, () => ada)).resolves.toBeUndefined();
  });

  it('is refused to an account that a hundred addresses have guessed at', async () => {
    const { failOften, succeed } = begin();
    await failOften(100, (index) => ({ ...ada, address: `198.51.100.${index}` }));
    await expect(succeed(ada)).rejects.toEqual(refused);
  });

  it('is refused to an address that has tried a hundred accounts', async () => {
    const { failOften, succeed } = begin();
    await failOften(100, (index) => ({ ...ada, emailHash: `person ${index}` }));
    await expect(succeed(ada)).rejects.toMatchObject({ code: 'auth.too_many_attempts', retryAfter: 3 });
    expect(await succeed({ ...ada, address: '198.51.100.1' })).toBe('ada');
  });

  it('takes nothing from the buckets of those that were refused', async () => {
    const { failOften, fail, succeed } = begin();
    await failOften(10, () => ada);
    for (let index = 0; index < 200; index += 1) await expect(fail(ada)).rejects.toEqual(refused);
    expect(await succeed({ ...ada, emailHash: 'grace' })).toBe('ada');
  });
});
