import { replayHistories } from '../../infra/temporal/testing/replay-histories.js';
import { deliveryPaths } from './testing/delivery-paths.js';

let outcomes: ReadonlyMap<string, string | null>;

beforeAll(async () => {
  outcomes = await replayHistories('notification');
});

// docs/changing-a-saga.md says what to do where one of these fails.
describe('a delivery that went this path before can go on', () => {
  it.each(Object.keys(deliveryPaths))('%s', (path) => expect(outcomes.get(path)).toBeNull());
});
