import { sharedChecks } from './shared-checks.js';

it('a check is made once for all who ask at about the same time, whatever comes of it', async () => {
  let now = 0;
  const outcomes = [Promise.resolve(true), Promise.reject(new Error('away'))];
  let made = 0;
  const check = () => {
    made += 1;
    return outcomes.shift() ?? Promise.resolve(false);
  };
  const { postgres = check } = sharedChecks({ postgres: check }, () => now);

  expect(await Promise.all([postgres(), postgres()])).toEqual([true, true]);
  now = 499;
  expect([await postgres(), made]).toEqual([true, 1]);

  now = 500;
  const failed = await Promise.allSettled([postgres(), postgres()]);
  expect([failed.map(({ status }) => status), made]).toEqual([['rejected', 'rejected'], 2]);

  now = 1_000;
  expect([await postgres(), made]).toEqual([false, 3]);
});
