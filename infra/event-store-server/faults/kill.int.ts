import { killInRounds } from './kill-rounds.js';

it.each([1, 2])('loses nothing that was acknowledged or read, and has no holes, however it is killed (%i)', (part) =>
  expect(killInRounds({ rounds: 6, seed: (Date.now() * part) % 2 ** 32 })).resolves.toBeUndefined(),
);
