import { replayHistories } from '../../infra/temporal/testing/replay-histories.js';
import { sagaPaths } from './testing/saga-paths.js';

let outcomes: ReadonlyMap<string, string | null>;

beforeAll(async () => {
  outcomes = await replayHistories('order-fulfilment');
});

// docs/changing-a-saga.md says what to do where one of these fails.
describe('an order, a return or a refund that went this path before can go on', () => {
  it.each(Object.keys(sagaPaths))('%s', (path) => expect(outcomes.get(path)).toBeNull());
});

it('every recorded history is of a path that the code knows', () =>
  expect([...outcomes.keys()].toSorted()).toEqual(Object.keys(sagaPaths).toSorted()));
