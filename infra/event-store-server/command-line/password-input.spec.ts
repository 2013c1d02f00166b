import { PassThrough } from 'node:stream';
import { readPassword } from './password-input.js';

const terminalWith = (typed: string) => {
  const input = Object.assign(new PassThrough(), { isTTY: true });
  const screen = new PassThrough();
  input.write(typed);
  const shown = () => (screen.read() as Buffer | null)?.toString();
  return { input, screen, shown };
};

const piped = (bytes: string) => {
  const input = new PassThrough();
  input.end(bytes);
  return input;
};

it.each(['a password\n', 'a password\r\n', 'a password'])('takes the line that is sent to it, %j', async (sent) =>
  expect(await readPassword('ops', piped(sent), new PassThrough())).toBe('a password'),
);

it('keeps the spaces and the characters of a password', async () =>
  expect(await readPassword('ops', piped(' grüße, 日本 \n'), new PassThrough())).toBe(' grüße, 日本 '));

it.each(['', '\n'])('refuses %j', (sent) =>
  expect(readPassword('ops', piped(sent), new PassThrough())).rejects.toThrow('No password was given'),
);

it('asks twice on a terminal and shows nothing of the answers', async () => {
  const { input, screen, shown } = terminalWith('a passwort\bd\ra password\r');
  expect(await readPassword('ops', input, screen)).toBe('a password');
  expect(shown()).toBe('Password for ops: \nOnce more: \n');
});

it('refuses two answers that differ', async () => {
  const { input, screen } = terminalWith('a password\ranother\r');
  await expect(readPassword('ops', input, screen)).rejects.toThrow('The two passwords differ');
});

it.each([
  ['an empty answer', '\r'],
  ['Ctrl-C', 'a pass\u0003'],
  ['Ctrl-D', '\u0004'],
])('stops at %s', async (_what, typed) => {
  const { input, screen } = terminalWith(typed);
  await expect(readPassword('ops', input, screen)).rejects.toThrow('No password was given');
});
