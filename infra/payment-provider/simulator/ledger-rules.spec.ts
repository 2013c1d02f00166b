import { authorise, capture, refund, totalsByOrder, totalsOf, voidCharge, type Charge } from './ledger-rules.js';

const request = { reference: 'a1', orderId: 'o1', amount: 1000, currency: 'EUR', method: 'pm_ok' } as const;
const charge: Charge = { ...request, voided: false, captures: [] };
const captured = (...amounts: number[]): Charge => ({
  ...charge,
  captures: amounts.map((amount, index) => ({ reference: `c${index + 1}`, amount, refunds: [] })),
});
const refunded = (amount: number): Charge => ({
  ...charge,
  captures: [{ reference: 'c1', amount: 1000, refunds: [{ reference: 'r0', amount }] }],
});

describe('an authorisation', () => {
  it('opens a charge', () => expect(authorise(request, [])).toEqual(charge));

  it.each([
    ['pm_declined', 'card_declined'],
    ['pm_insufficient_funds', 'insufficient_funds'],
  ] as const)('with %s is declined: %s', (method, code) =>
    expect(authorise({ ...request, method }, [])).toEqual({ refused: code }),
  );

  it.each(['pm_slow', 'pm_timeout', 'pm_flaky', 'pm_capture_fails'] as const)('with %s takes effect', (method) =>
    expect(authorise({ ...request, method }, [])).toEqual({ ...charge, method }),
  );

  it('may follow another one of the order', () => expect(authorise(request, [charge])).toEqual(charge));

  it('is refused in another currency than the order has', () =>
    expect(authorise({ ...request, currency: 'USD' }, [charge])).toEqual({ refused: 'currency_mismatch' }));
});

describe('a capture', () => {
  const take = (from: Charge, amount: number, currency?: string) =>
    capture(from, { reference: 'c9', amount, ...(currency === undefined ? {} : { currency }) });

  it('takes all that was authorised', () =>
    expect(take(charge, 1000)).toEqual({ ...charge, captures: [{ reference: 'c9', amount: 1000, refunds: [] }] }));

  it('takes the rest after others', () =>
    expect(take(captured(300, 300), 400)).toMatchObject({
      captures: [{ amount: 300 }, { amount: 300 }, { amount: 400 }],
    }));

  it.each([
    ['more than was authorised', charge, 1001],
    ['more than the rest', captured(300, 300), 401],
    ['anything after all was taken, even if it was given back', refunded(1000), 1],
  ])('does not take %s', (_what, from, amount) =>
    expect(take(from, amount)).toEqual({ refused: 'capture_exceeds_authorisation' }),
  );

  it('is refused once voided', () =>
    expect(take({ ...charge, voided: true }, 1)).toEqual({ refused: 'authorisation_voided' }));

  it('is refused for pm_capture_fails', () =>
    expect(take({ ...charge, method: 'pm_capture_fails' }, 1)).toEqual({ refused: 'capture_refused' }));

  it('may name the currency of the charge', () => expect(take(charge, 1, 'EUR')).toMatchObject({ reference: 'a1' }));

  it('may not name another', () => expect(take(charge, 1, 'USD')).toEqual({ refused: 'currency_mismatch' }));
});

describe('a void', () => {
  it('gives the authorisation up', () => expect(voidCharge(charge)).toEqual({ ...charge, voided: true }));

  it('changes nothing the second time', () => {
    const voided = { ...charge, voided: true };
    expect(voidCharge(voided)).toEqual(voided);
  });

  it.each([
    ['a capture', captured(1)],
    ['a capture that was given back', refunded(1000)],
  ])('is refused after %s', (_what, of) => expect(voidCharge(of)).toEqual({ refused: 'already_captured' }));
});

describe('a refund', () => {
  const give = (from: Charge, amount: number, of = 'c1', currency?: string) =>
    refund(from, of, { reference: 'r9', amount, ...(currency === undefined ? {} : { currency }) });

  it('gives a part back', () =>
    expect(give(captured(600, 400), 200, 'c2')).toMatchObject({
      captures: [
        { reference: 'c1', refunds: [] },
        { reference: 'c2', refunds: [{ reference: 'r9', amount: 200 }] },
      ],
    }));

  it('gives the rest back after another', () =>
    expect(give(refunded(400), 600)).toMatchObject({ captures: [{ refunds: [{ amount: 400 }, { amount: 600 }] }] }));

  it.each([
    ['more than was captured', captured(600, 400), 601],
    ['more than the rest', refunded(400), 601],
  ])('does not give %s', (_what, from, amount) =>
    expect(give(from, amount)).toEqual({ refused: 'refund_exceeds_capture' }),
  );

  it('needs its capture', () => expect(give(captured(600), 1, 'c2')).toEqual({ refused: 'not_found' }));

  it('may not name another currency', () =>
    expect(give(captured(600), 1, 'c1', 'USD')).toEqual({ refused: 'currency_mismatch' }));
});

describe('totals', () => {
  const voided: Charge = { ...charge, reference: 'a2', amount: 70, voided: true };

  it('are zero without charges', () =>
    expect(totalsOf([])).toEqual({ authorised: 0, captured: 0, refunded: 0, voided: 0, currency: null }));

  it('count everything that ever was authorised, captured, refunded and voided', () =>
    expect(totalsOf([captured(300, 200), refunded(400), voided])).toEqual({
      authorised: 2070,
      captured: 1500,
      refunded: 400,
      voided: 70,
      currency: 'EUR',
    }));

  it('are made for each order', () =>
    expect(totalsByOrder([charge, { ...charge, orderId: 'o2', currency: 'USD' }, voided])).toEqual([
      { orderId: 'o1', authorised: 1070, captured: 0, refunded: 0, voided: 70, currency: 'EUR' },
      { orderId: 'o2', authorised: 1000, captured: 0, refunded: 0, voided: 0, currency: 'USD' },
    ]));
});
