import { ConfigError, type Config } from '../config.js';
import type { PaymentProvider } from './payment-provider.js';
import { createSimulatorClient } from './simulator/simulator-client.js';
import { createStripePaymentProvider } from './stripe/stripe-payment-provider.js';

type Settings = Pick<Config, 'PAYMENT_PROVIDER' | 'PAYMENT_PROVIDER_URL' | 'STRIPE_API_KEY' | 'STRIPE_API_URL'>;

/**
 * The provider that the settings name; a call that has no answer after `timeoutMs` throws.
 *
 * @throws ConfigError where it is Stripe and there is no key.
 */
export const createPaymentProvider = (settings: Settings, timeoutMs: number): PaymentProvider => {
  const { PAYMENT_PROVIDER, PAYMENT_PROVIDER_URL, STRIPE_API_KEY, STRIPE_API_URL } = settings;
  if (PAYMENT_PROVIDER === 'simulator') return createSimulatorClient({ url: PAYMENT_PROVIDER_URL, timeoutMs });
  if (STRIPE_API_KEY === undefined)
    throw new ConfigError([
      'STRIPE_API_KEY must be set to the secret key of the account where PAYMENT_PROVIDER is stripe',
    ]);
  return createStripePaymentProvider({ url: STRIPE_API_URL, apiKey: STRIPE_API_KEY, timeoutMs });
};
