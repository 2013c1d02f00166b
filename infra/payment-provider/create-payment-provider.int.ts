import { readConfig } from '../config.js';
import { createPaymentProvider } from './create-payment-provider.js';
import { startProvider } from './simulator/testing/start-provider.js';
import { recordedKey, replayExchanges } from './stripe/testing/replay-exchanges.js';

const timeoutMs = 60_000;
const call = { key: 'k1', orderId: 'o1', amount: { amount: 1000, currency: 'EUR' } };

it('is the simulator by default', async () => {
  const { url, ledger, stop } = await startProvider();
  const provider = createPaymentProvider(readConfig({ PAYMENT_PROVIDER_URL: url }), timeoutMs);
  await provider.authorise({ ...call, method: 'pm_ok' });
  expect(ledger.orderTotals('o1')).toMatchObject({ authorised: 1000 });
  await stop();
});

it('is Stripe where the settings say so', async () => {
  const { url, stop } = await replayExchanges('declined');
  const stripe = { PAYMENT_PROVIDER: 'stripe', STRIPE_API_KEY: recordedKey, STRIPE_API_URL: url };
  const provider = createPaymentProvider(readConfig(stripe), timeoutMs);
  expect(await provider.authorise({ ...call, method: 'pm_card_chargeDeclined' })).toMatchObject({
    outcome: 'declined',
  });
  await stop();
});

it('is not Stripe without a key', () => {
  expect(() => createPaymentProvider(readConfig({ PAYMENT_PROVIDER: 'stripe' }), timeoutMs)).toThrow(
    'STRIPE_API_KEY must be set',
  );
});

it('is nobody else', () => {
  expect(() => readConfig({ PAYMENT_PROVIDER: 'paypal' })).toThrow('PAYMENT_PROVIDER');
});
