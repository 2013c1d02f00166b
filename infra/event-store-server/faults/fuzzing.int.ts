import { fuzz } from './fuzzing.js';

it('goes on whatever it is told, keeps no memory, and says nothing of it', () =>
  expect(fuzz({ bursts: 60, seed: Date.now() % 2 ** 32 })).resolves.toBeUndefined());
