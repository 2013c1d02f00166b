import { createAuthenticator } from './authentication.js';
import type { Users } from '../log/users.js';

/** Users whose hash is the password itself, and a check that is held back until it is let go. */
const setUp = (given: Readonly<Record<string, string>>) => {
  const stored = new Map(Object.entries(given));
  const checked: string[] = [];
  const held: (() => void)[] = [];
  const users: Users = {
    hashOf: (name) => stored.get(name),
    names: () => [...stored.keys()],
    set: (name, hash) => void stored.set(name, hash),
    remove: (name) => stored.delete(name),
  };
  let isHeld = false;
  const checkPassword = async (hash: string | undefined, password: string) => {
    checked.push(`${hash ?? 'nobody'} ${password}`);
    if (isHeld) await new Promise<void>((resolve) => held.push(resolve));
    return hash === password;
  };
  const hold = () => {
    isHeld = true;
    return () => held.splice(0).forEach((letGo) => letGo());
  };
  return { users, checked, hold, authenticator: createAuthenticator(users, checkPassword) };
};

const basic = (credentials: string) => `Basic ${Buffer.from(credentials).toString('base64')}`;

it('accepts the right password and checks it once', async () => {
  const { authenticator, checked } = setUp({ ops: 'secret' });
  const accepted = { type: 'accepted', identity: { name: 'ops', hash: 'secret' } };
  expect(await authenticator.check(basic('ops:secret'))).toEqual(accepted);
  expect(await authenticator.check(basic('ops:secret'))).toEqual(accepted);
  expect(checked).toEqual(['secret secret']);
});

it('takes everything after the first colon for the password', async () => {
  const { authenticator } = setUp({ ops: 'a:b:ü' });
  expect(await authenticator.check(basic('ops:a:b:ü'))).toMatchObject({ type: 'accepted' });
});

it('checks a wrong password each time, and one of an unknown user as well', async () => {
  const { authenticator, checked } = setUp({ ops: 'secret' });
  for (const credentials of ['ops:wrong', 'ops:wrong', 'else:secret'])
    expect(await authenticator.check(basic(credentials))).toEqual({ type: 'refused' });
  expect(checked).toEqual(['secret wrong', 'secret wrong', 'nobody secret']);
});

it.each([undefined, '', 'Basic', 'Basic ', 'Bearer b3BzOnNlY3JldA==', basic(':secret'), basic('ops'), 'Basic ä'])(
  'refuses %j without a check',
  async (header) => {
    const { authenticator, checked } = setUp({ ops: 'secret', '': 'secret' });
    expect(await authenticator.check(header)).toEqual({ type: 'refused' });
    expect(checked).toEqual([]);
  },
);

it('does not take one pair for another that reads the same when put together', async () => {
  const { authenticator } = setUp({ a: 'b:c', 'a:b': 'c' });
  expect(await authenticator.check(basic('a:b:c'))).toMatchObject({ identity: { name: 'a' } });
});

it('forgets a password with the hash that it was right for', async () => {
  const { users, authenticator } = setUp({ ops: 'secret' });
  const verdict = await authenticator.check(basic('ops:secret'));
  const identity = { name: 'ops', hash: 'secret' };
  expect(verdict).toEqual({ type: 'accepted', identity });
  expect(authenticator.isCurrent(identity)).toBe(true);
  users.set('ops', 'another');
  expect(await authenticator.check(basic('ops:secret'))).toEqual({ type: 'refused' });
  expect(authenticator.isCurrent(identity)).toBe(false);
  users.remove('ops');
  expect(await authenticator.check(basic('ops:another'))).toEqual({ type: 'refused' });
});

it('refuses when the user changes while the password is checked', async () => {
  const { users, hold, authenticator } = setUp({ ops: 'secret' });
  const letGo = hold();
  const verdict = authenticator.check(basic('ops:secret'));
  users.remove('ops');
  letGo();
  expect(await verdict).toEqual({ type: 'refused' });
});

it('checks the same password once for calls that come at the same time', async () => {
  const { hold, checked, authenticator } = setUp({ ops: 'secret' });
  const letGo = hold();
  const verdicts = ['ops:secret', 'ops:secret', 'ops:wrong'].map((each) => authenticator.check(basic(each)));
  letGo();
  expect((await Promise.all(verdicts)).map(({ type }) => type)).toEqual(['accepted', 'accepted', 'refused']);
  expect(checked).toEqual(['secret secret', 'secret wrong']);
});

it('remembers the last thousand', async () => {
  const names = Array.from({ length: 1_001 }, (_, index) => `user-${index}`);
  const { authenticator, checked } = setUp(Object.fromEntries(names.map((name) => [name, 'secret'])));
  for (const name of names) await authenticator.check(basic(`${name}:secret`));
  checked.length = 0;
  await authenticator.check(basic('user-1:secret'));
  expect(checked).toEqual([]);
  await authenticator.check(basic('user-0:secret'));
  expect(checked).toEqual(['secret secret']);
});
