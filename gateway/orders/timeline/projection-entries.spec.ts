import { appliedByNow } from './projection-entries.js';
import { event } from './testing/example.js';

const events = [event(9, 'payment-o1', 'PaymentCaptured'), event(3, 'order-o1', 'OrderPlaced')];
const view = (categories: readonly string[], position: string | null) => ({ name: 'orders', categories, position });

describe('a view whose spans nobody has', () => {
  it.each([
    ['9', true],
    ['10', true],
    ['8', false],
    [null, false],
  ])('that has come to %s has applied the last event: %s', (position, hasApplied) =>
    expect(appliedByNow(events, [view(['order', 'payment'], position)], 42)).toEqual([
      {
        ...{ at: 42, kind: 'projection', name: 'orders' },
        detail: { event: 'PaymentCaptured', stream: 'payment-o1', revision: 9, hasApplied, through: position },
      },
    ]),
  );

  it('is held to the last event that it reads', () =>
    expect(appliedByNow(events, [view(['order'], '3')], 42)).toMatchObject([
      { detail: { event: 'OrderPlaced', hasApplied: true } },
    ]));

  it('is left out where it reads none of them, or nobody told where they lie', () => {
    expect(appliedByNow(events, [view(['product'], '10')], 42)).toEqual([]);
    const unplaced = events.map((each) => ({ ...each, position: null }));
    expect(appliedByNow(unplaced, [view(['order'], '10')], 42)).toEqual([]);
  });
});
