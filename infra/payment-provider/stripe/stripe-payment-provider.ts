import type { Captured, PaymentProvider, Refused, Voided, VoidedByKey } from '../payment-provider.js';
import { stripeAmount } from './stripe-amount.js';
import { createStripeApi, idOf, objectIn, refused, type StripeObject, type StripeSettings } from './stripe-api.js';
import { authoriseKeyField, orderField } from './stripe-metadata.js';
import { createStripeRefund } from './stripe-refund.js';

const intents = '/v1/payment_intents';

/**
 * Stripe as a payment provider, by its HTTP API: an authorisation is a PaymentIntent that is confirmed at once and
 * captured by hand, a capture is known by its charge. A payment method is the id of one that Stripe keeps (`pm_…`).
 *
 * Stripe knows a key for 24 hours at least. A call that is repeated later than that is a new one: what the first did is
 * looked for before anything is made of it, but for an authorisation.
 */
export const createStripePaymentProvider = (settings: StripeSettings): PaymentProvider => {
  const api = createStripeApi(settings);

  const cancel = async (key: string, reference: string): Promise<Voided | Refused> => {
    const reply = await api.post(`${pathOf(reference)}/cancel`, { key, form: {} });
    const isCancelled = 'object' in reply || reply.error.intent?.['status'] === 'canceled';
    return isCancelled ? { outcome: 'voided', reference } : refused(reply.error);
  };

  /** What an authorise call made, where the search shows it: that is late by a minute or so, the rest is up to date. */
  const intentOf = async (authoriseKey: string): Promise<StripeObject | null> => {
    const query = `metadata['${authoriseKeyField}']:'${authoriseKey.replace(/[\\']/g, '\\$&')}'`;
    const found = objectIn(await api.get(`${intents}/search`, { query }));
    const [intent] = found['data'] as readonly StripeObject[];
    return intent === undefined ? null : objectIn(await api.get(pathOf(idOf(intent))));
  };

  return {
    authorise: async ({ key, orderId, amount, method }) => {
      const asked = stripeAmount(amount);
      if ('code' in asked) return asked;
      const { currency } = amount;
      const form = authorisationForm({ key, orderId, amount: asked.amount, currency, method });
      const reply = await api.post(intents, { key, form });
      if ('error' in reply) {
        const { type, code } = reply.error;
        return { outcome: type === 'card_error' ? 'declined' : 'refused', code };
      }
      return { outcome: 'authorised', reference: idOf(inStatus(reply.object, 'requires_capture')) };
    },

    capture: async ({ key, reference, amount }) => {
      const asked = stripeAmount(amount);
      if ('code' in asked) return asked;
      const form = { amount_to_capture: asked.amount };
      const reply = await api.post(`${pathOf(reference)}/capture`, { key, form });
      if ('object' in reply) return captured(inStatus(reply.object, 'succeeded'));
      const { intent } = reply.error;
      // The first call with this key took effect, and Stripe has forgotten the key.
      return isCaptured(intent, asked.amount) ? captured(intent) : refused(reply.error);
    },

    voidAuthorisation: ({ key, reference }) => cancel(key, reference),

    /**
     * Stripe cannot void by key, but refuses a key that comes back with other parameters. So the key is claimed by a
     * PaymentIntent that is not confirmed. Where that is made, the call has not arrived, or so long ago that its key is
     * forgotten: from then on it is refused, for as long as Stripe knows keys. In any case what it made is looked for.
     */
    voidByKey: async ({ key, authoriseKey }): Promise<VoidedByKey | Refused> => {
      const claim = await api.post(intents, { key: authoriseKey, form: claimForm });
      if ('object' in claim) {
        const cancelled = await cancel(`${key}/claim`, idOf(claim.object));
        if (cancelled.outcome === 'refused') return cancelled;
      } else if (claim.error.type !== 'idempotency_error') return refused(claim.error);
      const intent = await intentOf(authoriseKey);
      if (intent === null && 'error' in claim)
        throw new Error('Stripe has had the call, and does not show yet what it made of it');
      const isNothingHeld = intent === null || intent['status'] === 'requires_payment_method';
      return isNothingHeld ? { outcome: 'voided', reference: null } : cancel(key, idOf(intent));
    },

    refund: createStripeRefund(api),
  };
};

type Authorisation = Readonly<{ key: string; orderId: string; amount: string; currency: string; method: string }>;

const authorisationForm = ({ key, orderId, amount, currency, method }: Authorisation) => ({
  amount,
  currency: currency.toLowerCase(),
  payment_method: method,
  'payment_method_types[]': 'card',
  capture_method: 'manual',
  confirm: 'true',
  // Nobody is there who could answer the bank's questions.
  error_on_requires_action: 'true',
  [`metadata[${orderField}]`]: orderId,
  [`metadata[${authoriseKeyField}]`]: key,
});

/** Parameters that no authorisation has, and that take no money. */
const claimForm = { amount: '100', currency: 'usd', 'payment_method_types[]': 'card', capture_method: 'manual' };

const pathOf = (reference: string) => `${intents}/${encodeURIComponent(reference)}`;

const isCaptured = (intent: StripeObject | null, amount: string): intent is StripeObject =>
  intent?.['status'] === 'succeeded' && String(intent['amount_received']) === amount;

const captured = (intent: StripeObject): Captured => ({
  outcome: 'captured',
  reference: idOf({ id: intent['latest_charge'] }),
});

const inStatus = (intent: StripeObject, status: string): StripeObject => {
  if (intent['status'] !== status) throw new Error(`Stripe left ${idOf(intent)} ${String(intent['status'])}`);
  return intent;
};
