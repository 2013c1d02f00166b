import { hash, verify } from './password-hashing.js';

const cheap = { memoryCost: 8, timeCost: 1, parallelism: 1 };

it('hashes and verifies whatever waits its turn, and refuses what would wait too long', async () => {
  const outcomes = await Promise.allSettled(Array.from({ length: 70 }, (_, index) => hash(`password ${index}`, cheap)));
  const hashes = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
  const refused = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as unknown] : []));
  expect(hashes).toHaveLength(66);
  expect(refused).toEqual(Array(4).fill(expect.objectContaining({ code: 'gateway.overloaded' })));
  expect(await verify(String(hashes[65]), 'password 65')).toBe(true);
  expect(await verify(String(hashes[65]), 'password 64')).toBe(false);
});

it('verifies soon also while many others wait for a hash', async () => {
  const kept = await hash('password', cheap);
  let done = 0;
  const hashes = Array.from({ length: 60 }, () => hash('another', cheap).then(() => (done += 1)));
  expect(await verify(kept, 'password')).toBe(true);
  expect(done).toBeLessThan(30);
  await Promise.all(hashes);
});
