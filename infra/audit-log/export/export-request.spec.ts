import { selectionOf } from './export-request.js';

describe('a selection', () => {
  it.each([
    [{ stream: 'cart-1' }, { stream: 'cart-1' }],
    [{ correlationId: 'one', stream: null }, { correlationId: 'one' }],
    [
      { from: '2026-01-31T10:30:00+01:00', to: '2026-02-01T00:00:00Z' },
      { from: '2026-01-31T09:30:00.000Z', to: '2026-02-01T00:00:00.000Z' },
    ],
  ])('is one thing: %j', (given, selection) => expect(selectionOf(given)).toEqual(selection));

  it.each([
    [{}, ''],
    [{ stream: 'cart-1', correlationId: 'one' }, ''],
    [{ stream: 'cart-1', from: '2026-01-31T09:30:00Z', to: '2026-02-01T09:30:00Z' }, ''],
    [{ from: '2026-01-31T09:30:00Z' }, '/to'],
    [{ from: 'yesterday', to: '2026-01-31T09:30:00Z' }, '/from'],
    [{ from: '2026-01-31T09:30:00Z', to: '2026-01-31T09:30:00Z' }, '/to'],
  ])('is not %j', (given, pointer) => {
    let error: unknown;
    try {
      selectionOf(given);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toMatchObject({ code: 'request.invalid', errors: [{ pointer }] });
  });
});
