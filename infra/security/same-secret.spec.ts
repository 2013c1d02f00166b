import { isSameSecret } from './same-secret.js';

it.each([
  ['the secret', true],
  ['the secreT', false],
  ['the secret ', false],
  ['the', false],
  ['', false],
])('%j is the secret: %s', (shown, isSame) => {
  expect(isSameSecret(shown, 'the secret')).toBe(isSame);
});
