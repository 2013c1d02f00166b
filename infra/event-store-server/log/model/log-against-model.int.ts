import { checkAgainstModel } from './check-against-model.js';

/** Enough for a landing; a soak asks for more, as in RUNS=20000. */
const runs = Number(process.env['RUNS'] ?? 75);

it(
  'a log on a file does what the model does',
  () => expect(checkAgainstModel({ runs })).resolves.toBeUndefined(),
  60_000 + runs * 500,
);
