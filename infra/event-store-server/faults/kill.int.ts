import { killInRounds } from './kill-rounds.js';

it('loses nothing that was acknowledged or read, and has no holes, however it is killed', () =>
  expect(killInRounds({ rounds: 6, seed: Date.now() % 2 ** 32 })).resolves.toBeUndefined());
