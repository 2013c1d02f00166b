import { useProvider } from './testing/start-provider.js';

const amount = { amount: 1000, currency: 'EUR' };
const order = { orderId: 'o1', amount };

const { client } = useProvider();

describe('a charge', () => {
  it('is authorised, captured and refunded', async () => {
    const { reference } = await authorised();
    const capture = await client().capture({ key: 'k2', reference, amount });
    expect(capture).toMatchObject({ outcome: 'captured' });
    const captureReference = 'reference' in capture ? capture.reference : '';
    const part = { amount: 400, currency: 'EUR' };
    const refund = await client().refund({ key: 'k3', captureReference, amount: part });
    expect(refund).toMatchObject({ outcome: 'refunded' });
    expect(await client().refund({ key: 'k4', captureReference, amount })).toMatchObject({
      code: 'refund_exceeds_capture',
    });
    expect(await client().ledger('o1')).toEqual({
      authorised: 1000,
      captured: 1000,
      refunded: 400,
      voided: 0,
      currency: 'EUR',
      charges: [expect.objectContaining({ reference, method: 'pm_ok', voided: false })],
    });
  });

  it('is never captured beyond what was authorised, however many ask at once', async () => {
    const { reference } = await authorised();
    const parts = Array.from({ length: 10 }, (_, index) =>
      client().capture({ key: `part${index}`, reference, amount: { amount: 300, currency: 'EUR' } }),
    );
    const outcomes = (await Promise.all(parts)).map(({ outcome }) => outcome);
    expect(outcomes.filter((outcome) => outcome === 'captured')).toHaveLength(3);
    expect(await client().ledger('o1')).toMatchObject({ captured: 900 });
  });

  it('is voided, once or twice, and not captured then', async () => {
    const { reference } = await authorised();
    const voided = { outcome: 'voided', reference };
    expect(await client().voidAuthorisation({ key: 'k2', reference })).toEqual(voided);
    expect(await client().voidAuthorisation({ key: 'k3', reference })).toEqual(voided);
    expect(await client().capture({ key: 'k4', reference, amount })).toMatchObject({ code: 'authorisation_voided' });
    expect(await client().ledger('o1')).toMatchObject({ authorised: 1000, voided: 1000, captured: 0 });
  });

  it('is not voided once captured', async () => {
    const { reference } = await authorised();
    await client().capture({ key: 'k2', reference, amount });
    const refused = { outcome: 'refused', code: 'already_captured' };
    expect(await client().voidAuthorisation({ key: 'k3', reference })).toEqual(refused);
    expect(await client().voidByKey({ key: 'k4', authoriseKey: 'k1' })).toEqual(refused);
  });

  it('is exact for amounts beyond 32 bits', async () => {
    const large = { amount: Number.MAX_SAFE_INTEGER, currency: 'EUR' };
    await client().authorise({ key: 'k1', orderId: 'o1', amount: large, method: 'pm_ok' });
    expect(await client().ledger('o1')).toMatchObject({ authorised: Number.MAX_SAFE_INTEGER });
  });

  it('is listed with those of other orders', async () => {
    await authorised();
    await client().authorise({ key: 'k2', orderId: 'o2', amount: { amount: 5, currency: 'USD' }, method: 'pm_ok' });
    const nothing = { captured: 0, refunded: 0, voided: 0 };
    expect(await client().ledger()).toEqual({
      orders: [
        { orderId: 'o1', authorised: 1000, currency: 'EUR', ...nothing },
        { orderId: 'o2', authorised: 5, currency: 'USD', ...nothing },
      ],
    });
  });
});

describe('voiding a call by its key', () => {
  it('voids what it did', async () => {
    const { reference } = await authorised();
    expect(await client().voidByKey({ key: 'k2', authoriseKey: 'k1' })).toEqual({ outcome: 'voided', reference });
    expect(await client().ledger('o1')).toMatchObject({ voided: 1000 });
  });

  it('refuses it when it arrives late', async () => {
    const call = { key: 'k2', authoriseKey: 'k1' };
    expect(await client().voidByKey(call)).toEqual({ outcome: 'voided', reference: null });
    const late = await client().authorise({ ...order, key: 'k1', method: 'pm_ok' });
    expect(late).toEqual({ outcome: 'refused', code: 'key_voided' });
    expect(await client().voidByKey(call)).toEqual({ outcome: 'voided', reference: null });
    expect(await client().ledger('o1')).toMatchObject({ authorised: 0 });
  });

  it('leaves a declined call its answer', async () => {
    const call = { ...order, key: 'k1', method: 'pm_declined' };
    const declined = await client().authorise(call);
    expect(await client().voidByKey({ key: 'k2', authoriseKey: 'k1' })).toEqual({ outcome: 'voided', reference: null });
    expect(await client().authorise(call)).toEqual(declined);
  });

  it('needs a key of its own', async () => {
    expect(await client().voidByKey({ key: 'k1', authoriseKey: 'k1' })).toMatchObject({ code: 'key_reused' });
  });
});

const authorised = async () => {
  const answer = await client().authorise({ ...order, key: 'k1', method: 'pm_ok' });
  if (answer.outcome !== 'authorised') throw new Error(`It was ${answer.outcome}`);
  return answer;
};
