import type { PaymentProvider, Refunded, Refused } from '../payment-provider.js';
import { stripeAmount } from './stripe-amount.js';
import { fieldsOf, idOf, objectIn, refused, type StripeApi, type StripeObject } from './stripe-api.js';
import { orderField, refundKeyField } from './stripe-metadata.js';

const refunds = '/v1/refunds';

/**
 * Refunds by Stripe. A refund carries its key, by which a repeat finds it, also when Stripe has forgotten the key, and the
 * order, which its events then tell of. One that is not made yet is an unknown outcome: a repeat sees what became of it.
 */
export const createStripeRefund = (api: StripeApi): PaymentProvider['refund'] => {
  /** The list is up to date, other than a search, and begins with the latest. */
  const refundUnder = async (key: string, charge: string, after: object = {}): Promise<StripeObject | undefined> => {
    const page = objectIn(await api.get(refunds, { charge, limit: '100', ...after }));
    const listed = page['data'] as readonly StripeObject[];
    const found = listed.find(({ metadata }) => fieldsOf(metadata)[refundKeyField] === key);
    const last = listed.at(-1);
    if (found !== undefined || last === undefined || page['has_more'] !== true) return found;
    return refundUnder(key, charge, { starting_after: idOf(last) });
  };

  return async ({ key, captureReference, amount }) => {
    const asked = stripeAmount(amount);
    if ('code' in asked) return asked;
    const charge = await api.get(`/v1/charges/${encodeURIComponent(captureReference)}`);
    if ('error' in charge) return refused(charge.error);
    const earlier = await refundUnder(key, captureReference);
    if (earlier !== undefined) return String(earlier['amount']) === asked.amount ? outcomeOf(earlier) : keyReused;

    const orderId = fieldsOf(charge.object['metadata'])[orderField];
    const form = {
      ...{ charge: captureReference, amount: asked.amount },
      ...(typeof orderId === 'string' ? { [`metadata[${orderField}]`]: orderId } : {}),
      [`metadata[${refundKeyField}]`]: key,
    };
    const reply = await api.post(refunds, { key, form });
    return 'error' in reply ? refused(reply.error) : outcomeOf(reply.object);
  };
};

/** As Stripe says itself of a key that it remembers. */
const keyReused: Refused = { outcome: 'refused', code: 'idempotency_error' };

const outcomeOf = (refund: StripeObject): Refunded | Refused => {
  const { status, failure_reason: reason } = refund;
  if (status === 'succeeded') return { outcome: 'refunded', reference: idOf(refund) };
  if (status !== 'failed' && status !== 'canceled') throw new Error(`Stripe left ${idOf(refund)} ${String(status)}`);
  return { outcome: 'refused', code: typeof reason === 'string' ? reason : `refund_${status}` };
};
