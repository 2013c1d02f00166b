import type { Money } from '../../../domains/shared/money.js';
import type { PaymentProvider, Refused, Voided, VoidedByKey } from '../payment-provider.js';
import {
  createStripeApi,
  type StripeError,
  type StripeObject,
  type StripeReply,
  type StripeSettings,
} from './stripe-api.js';
import { orderField } from './stripe-event.js';

const keyField = 'authorise_key';

const intents = '/v1/payment_intents';

/**
 * Stripe as a payment provider, by its HTTP API: an authorisation is a PaymentIntent that is confirmed at once and
 * captured by hand, a capture is known by its charge. A payment method is the id of one that Stripe keeps (`pm_…`).
 *
 * Stripe knows a key for 24 hours at least. A call that is repeated later than that is a new one.
 */
export const createStripePaymentProvider = (settings: StripeSettings): PaymentProvider => {
  const api = createStripeApi(settings);

  const cancel = async (key: string, reference: string): Promise<Voided | Refused> => {
    const reply = await api.post(`${pathOf(reference)}/cancel`, { key, form: {} });
    const isCancelled = 'object' in reply || reply.error.intent?.['status'] === 'canceled';
    return isCancelled ? { outcome: 'voided', reference } : refused(reply.error);
  };

  /** What an authorise call made that Stripe has had: its index is late by a minute or so, the rest is up to date. */
  const intentOf = async (authoriseKey: string): Promise<StripeObject> => {
    const query = `metadata['${keyField}']:'${authoriseKey.replace(/[\\']/g, '\\$&')}'`;
    const found = objectOf(await api.get(`${intents}/search`, { query }));
    const [intent] = found['data'] as readonly StripeObject[];
    if (intent === undefined) throw new Error('Stripe has had the call, and does not show yet what it made of it');
    return objectOf(await api.get(pathOf(idOf(intent))));
  };

  return {
    authorise: async ({ key, orderId, amount, method }) => {
      const reply = await api.post(intents, { key, form: authorisationForm({ key, orderId, amount, method }) });
      if ('error' in reply) {
        const { type, code } = reply.error;
        return { outcome: type === 'card_error' ? 'declined' : 'refused', code };
      }
      return { outcome: 'authorised', reference: idOf(inStatus(reply.object, 'requires_capture')) };
    },

    capture: async ({ key, reference, amount }) => {
      const form = { amount_to_capture: stripeAmount(amount) };
      const reply = await api.post(`${pathOf(reference)}/capture`, { key, form });
      if ('error' in reply) return refused(reply.error);
      return { outcome: 'captured', reference: idOf({ id: inStatus(reply.object, 'succeeded')['latest_charge'] }) };
    },

    voidAuthorisation: ({ key, reference }) => cancel(key, reference),

    /**
     * Stripe cannot void by key, but refuses a key that comes back with other parameters. So the key is claimed by a
     * PaymentIntent that is not confirmed: where that is made, the call has not arrived and is refused from then on, for
     * as long as Stripe knows keys; where it is refused, the call has arrived, and what it made is looked for.
     */
    voidByKey: async ({ key, authoriseKey }): Promise<VoidedByKey | Refused> => {
      const claim = await api.post(intents, { key: authoriseKey, form: claimForm });
      if ('object' in claim) {
        const cancelled = await cancel(key, idOf(claim.object));
        return cancelled.outcome === 'voided' ? { outcome: 'voided', reference: null } : cancelled;
      }
      if (claim.error.type !== 'idempotency_error') return refused(claim.error);
      const intent = await intentOf(authoriseKey);
      if (intent['status'] === 'requires_payment_method') return { outcome: 'voided', reference: null };
      return cancel(key, idOf(intent));
    },

    refund: async ({ key, captureReference, amount }) => {
      const form = { charge: captureReference, amount: stripeAmount(amount) };
      const reply = await api.post('/v1/refunds', { key, form });
      if ('error' in reply) return refused(reply.error);
      const { status, failure_reason: reason } = reply.object;
      if (status === 'failed' || status === 'canceled')
        return { outcome: 'refused', code: typeof reason === 'string' ? reason : `refund_${status}` };
      return { outcome: 'refunded', reference: idOf(reply.object) };
    },
  };
};

type Authorisation = Readonly<{ key: string; orderId: string; amount: Money; method: string }>;

const authorisationForm = ({ key, orderId, amount, method }: Authorisation) => ({
  amount: stripeAmount(amount),
  currency: amount.currency.toLowerCase(),
  payment_method: method,
  'payment_method_types[]': 'card',
  capture_method: 'manual',
  confirm: 'true',
  // Nobody is there who could answer the bank's questions.
  error_on_requires_action: 'true',
  [`metadata[${orderField}]`]: orderId,
  [`metadata[${keyField}]`]: key,
});

/** Parameters that no authorisation has, and that take no money. */
const claimForm = { amount: '100', currency: 'usd', 'payment_method_types[]': 'card', capture_method: 'manual' };

/** Stripe counts these in hundredths, though they have none. */
const inHundredths = ['ISK', 'UGX'];

/** In minor units, as ours: whole ones for a currency that has no smaller. */
const stripeAmount = ({ amount, currency }: Money): string =>
  inHundredths.includes(currency) ? `${amount}00` : String(amount);

const pathOf = (reference: string) => `${intents}/${encodeURIComponent(reference)}`;

const refused = ({ code }: StripeError): Refused => ({ outcome: 'refused', code });

const idOf = ({ id }: StripeObject): string => {
  if (typeof id !== 'string') throw new Error('Stripe answered without an id');
  return id;
};

const inStatus = (intent: StripeObject, status: string): StripeObject => {
  if (intent['status'] !== status) throw new Error(`Stripe left ${idOf(intent)} ${String(intent['status'])}`);
  return intent;
};

const objectOf = (reply: StripeReply): StripeObject => {
  if ('error' in reply) throw new Error(`Stripe answered ${reply.error.code} to a question`);
  return reply.object;
};
