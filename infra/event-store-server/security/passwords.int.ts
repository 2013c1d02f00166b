import { createPasswordCheck, hashPassword } from './passwords.js';
import { refuseUnusableName } from './credentials.js';

it('knows a password by its hash, which does not show it', async () => {
  const check = createPasswordCheck();
  const [hash, another] = await Promise.all([hashPassword('correct horse'), hashPassword('correct horse')]);
  expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  expect(hash).not.toBe(another);
  expect(await check(hash, 'correct horse')).toBe(true);
  expect(await check(hash, 'correct horsf')).toBe(false);
});

it('says no without a hash', async () => expect(await createPasswordCheck()(undefined, 'correct horse')).toBe(false));

it('checks no more at once and lets no more wait than it may', async () => {
  const hash = await hashPassword('correct horse');
  const check = createPasswordCheck({ atOnce: 1, waiting: 2 });
  const verdicts = await Promise.all(
    ['correct horse', 'wrong', 'correct horse', 'late'].map((each) => check(hash, each)),
  );
  expect(verdicts).toEqual([true, false, true, 'busy']);
  expect(await check(hash, 'correct horse')).toBe(true);
});

it.each(['', 'too short', 'x'.repeat(257), 'two lines of\ntext'])('makes no hash of %j', (password) =>
  expect(() => hashPassword(password)).toThrow('A password has 12 to 256 characters in one line'),
);

it.each(['', 'a:b', 'a b', 'a\n', 'x'.repeat(65), '\u0000'])('refuses the name %j', (name) =>
  expect(() => refuseUnusableName(name)).toThrow('cannot be the name of a user'),
);

it.each(['ops', 'jürgen', 'service-1@host'])('takes the name %j', (name) =>
  expect(() => refuseUnusableName(name)).not.toThrow(),
);
