import { describeProviderContract } from '../testing/provider-contract.js';
import { serve } from '../testing/serve.js';
import { createStripePaymentProvider } from './stripe-payment-provider.js';
import { recordedKey, replayExchanges } from './testing/replay-exchanges.js';

const amount = { amount: 1000, currency: 'EUR' };
const call = { key: 'k1', orderId: 'o1', amount, method: 'pm_card_visa' };
const intent = 'pi_3MrPBM2eZvKYlo2C1TEMacFD';

const charge = 'ch_3MrPBM2eZvKYlo2C1CtnEsNg';
const refund = { key: 'k3', captureReference: charge, amount: { ...amount, amount: 400 } };
const refunded = { outcome: 'refunded', reference: 're_1Nispe2eZvKYlo2Cd31jOCgZ' };

const connect = (url: string) => createStripePaymentProvider({ url, apiKey: recordedKey, timeoutMs: 60_000 });

const open = async (recording: string) => {
  const { url, stop } = await replayExchanges(recording);
  return { provider: connect(url), stop };
};

describeProviderContract('Stripe', { methods: { pays: 'pm_card_visa', declines: 'pm_card_chargeDeclined' }, open });

describe('what Stripe says', () => {
  it('is told by the reason of the bank where there is one', async () => {
    const { provider, stop } = await open('insufficient-funds');
    const method = 'pm_card_chargeDeclinedInsufficientFunds';
    expect(await provider.authorise({ ...call, method })).toEqual({ outcome: 'declined', code: 'insufficient_funds' });
    await stop();
  });

  it('is a refusal where the bank declines a capture', async () => {
    const { provider, stop } = await open('capture-declined');
    const refused = { outcome: 'refused', code: 'fraudulent' };
    expect(await provider.capture({ key: 'k2', reference: intent, amount })).toEqual(refused);
    await stop();
  });

  it('is a refusal where a refund failed', async () => {
    const { provider, stop } = await open('refund-failed');
    expect(await provider.refund(refund)).toEqual({ outcome: 'refused', code: 'lost_or_stolen_card' });
    await stop();
  });

  it('is a refusal where there is nothing to refund', async () => {
    const { provider, stop } = await open('refund-unknown');
    const unknown = provider.refund({ ...refund, captureReference: 'unknown' });
    expect(await unknown).toEqual({ outcome: 'refused', code: 'resource_missing' });
    await stop();
  });

  it('is asked for whole units of a currency without smaller ones, in hundredths where Stripe has them', async () => {
    const { provider, stop } = await open('zero-decimal');
    const yen = await provider.authorise({ ...call, amount: { amount: 1000, currency: 'JPY' } });
    const kronur = await provider.authorise({ ...call, key: 'k2', amount: { amount: 1000, currency: 'ISK' } });
    expect([yen.outcome, kronur.outcome]).toEqual(['authorised', 'authorised']);
    await stop();
  });
});

describe('a repeat after Stripe has forgotten the key', () => {
  it('finds what was captured', async () => {
    const { provider, stop } = await open('capture-forgotten');
    const capture = provider.capture({ key: 'k2', reference: intent, amount });
    expect(await capture).toEqual({ outcome: 'captured', reference: charge });
    await stop();
  });

  it('does not take another capture for its own', async () => {
    const { provider, stop } = await open('capture-another');
    const capture = provider.capture({ key: 'k3', reference: intent, amount: { ...amount, amount: 400 } });
    expect(await capture).toEqual({ outcome: 'refused', code: 'payment_intent_unexpected_state' });
    await stop();
  });

  it('refunds nothing a second time, however many refunds came later', async () => {
    const { provider, stop } = await open('refund-forgotten');
    expect(await provider.refund(refund)).toEqual(refunded);
    await stop();
  });

  it('is refused where the key made a refund of another amount', async () => {
    const { provider, stop } = await open('refund-key-reused');
    expect(await provider.refund(refund)).toEqual({ outcome: 'refused', code: 'idempotency_error' });
    await stop();
  });

  it('voids by the key what the call did that long ago', async () => {
    const { provider, stop } = await open('void-by-key-forgotten');
    const voided = { outcome: 'voided', reference: intent };
    expect(await provider.voidByKey({ key: 'k2', authoriseKey: 'k1' })).toEqual(voided);
    await stop();
  });
});

it('Stripe is not asked for what it cannot charge exactly', async () => {
  const gone = await serve(() => undefined);
  await gone.stop();
  const provider = connect(gone.url);
  const gold = { amount: 1, currency: 'XAU' };
  const fils = { amount: 1001, currency: 'KWD' };
  const answers = await Promise.all([
    provider.authorise({ ...call, amount: gold }),
    provider.capture({ key: 'k2', reference: intent, amount: fils }),
    provider.refund({ ...refund, amount: fils }),
  ]);
  const codes = ['currency_unsupported', 'amount_unsupported', 'amount_unsupported'];
  expect(answers).toEqual(codes.map((code) => ({ outcome: 'refused', code })));
});

describe('an outcome that is unknown', () => {
  it('is that of a refund that is not made yet', async () => {
    const { provider, stop } = await open('refund-pending');
    await expect(provider.refund(refund)).rejects.toThrow(`Stripe left ${refunded.reference} pending`);
    await expect(provider.refund(refund)).rejects.toThrow(`Stripe left ${refunded.reference} requires_action`);
    expect(await provider.refund(refund)).toEqual(refunded);
    await stop();
  });

  it('is that of an authorisation under way', async () => {
    const { provider, stop } = await open('processing');
    await expect(provider.authorise(call)).rejects.toThrow(`Stripe left ${intent} processing`);
    await stop();
  });

  it('is that of a call that came and does not show yet', async () => {
    const { provider, stop } = await open('void-by-key-not-indexed');
    await expect(provider.voidByKey({ key: 'k2', authoriseKey: 'k1' })).rejects.toThrow('does not show yet');
    await stop();
  });

  const error = (type: string, code: string) => JSON.stringify({ error: { type, code } });
  it.each([
    [
      'another call with the key',
      409,
      error('idempotency_error', 'idempotency_key_in_use'),
      '409 idempotency_key_in_use',
    ],
    ['too many calls', 429, error('invalid_request_error', 'lock_timeout'), '429 lock_timeout'],
    ['a fault of Stripe', 500, error('api_error', 'internal'), '500 internal'],
    ['a wrong key', 401, error('invalid_request_error', 'api_key_expired'), '401 api_key_expired'],
    ['somebody in between', 404, '{"message":"no route"}', '404 with something of its own'],
    ['a page', 400, '<html>', 'gave no answer'],
  ])('is that of %s', async (_what, status, body, message) => {
    const stripe = await serve((_req, res) => void res.writeHead(status).end(body));
    await expect(connect(stripe.url).authorise(call)).rejects.toThrow(message);
    await stripe.stop();
  });

  it('is that of a call that nobody answers', async () => {
    const gone = await serve(() => undefined);
    await gone.stop();
    await expect(connect(gone.url).authorise(call)).rejects.toThrow('Stripe gave no answer');
  });
});
