import type { Refused } from '../payment-provider.js';

/** Where Stripe is and the secret key; a call that has no answer after `timeoutMs` throws. */
export type StripeSettings = Readonly<{ url: string; apiKey: string; timeoutMs: number }>;

export type Form = Readonly<Record<string, string>>;

/** A JSON object of Stripe's, such as a PaymentIntent. */
export type StripeObject = Readonly<Record<string, unknown>>;

/** Why Stripe said no, and the PaymentIntent that it is about. */
export type StripeError = Readonly<{ type: string; code: string; intent: StripeObject | null }>;

export type StripeReply = Readonly<{ object: StripeObject }> | Readonly<{ error: StripeError }>;

/**
 * Stripe's HTTP API, version 1.
 *
 * Both throw an Error when nobody knows whether the call took effect, or when it may well do so the next time: no
 * answer, 5xx, 409 (another call with this key is under way), 429, and a wrong key (401, 403), which a person puts right.
 */
export type StripeApi = Readonly<{
  post: (path: string, call: Readonly<{ key: string; form: Form }>) => Promise<StripeReply>;
  get: (path: string, query?: Form) => Promise<StripeReply>;
}>;

/** The version of the API whose shapes are read here, whatever the account's own is. */
const apiVersion = '2025-03-31.basil';

export const createStripeApi = ({ url, apiKey, timeoutMs }: StripeSettings): StripeApi => {
  const always = { authorization: `Bearer ${apiKey}`, 'stripe-version': apiVersion };

  const send = async (path: string, init: RequestInit): Promise<StripeReply> => {
    const signal = AbortSignal.timeout(timeoutMs);
    return replyIn(await received(fetch(new URL(path, url), { ...init, signal, redirect: 'error' })));
  };

  return {
    post: (path, { key, form }) => {
      const headers = { ...always, 'content-type': 'application/x-www-form-urlencoded', 'idempotency-key': key };
      return send(path, { method: 'POST', headers, body: new URLSearchParams(form).toString() });
    },
    get: (path, query = {}) => {
      const search = new URLSearchParams(query).toString();
      return send(search === '' ? path : `${path}?${search}`, { headers: always });
    },
  };
};

type Received = Readonly<{ status: number; body: StripeObject }>;

const received = async (answer: Promise<Response>): Promise<Received> => {
  try {
    const response = await answer;
    return { status: response.status, body: Object(await response.json()) as StripeObject };
  } catch (cause) {
    throw new Error('Stripe gave no answer', { cause });
  }
};

const triedAgain = [401, 403, 409, 424, 429];

const replyIn = ({ status, body }: Received): StripeReply => {
  if (status === 200) return { object: body };
  const { type, code, decline_code: declineCode, payment_intent: intent } = fieldsOf(body['error']);
  if (status < 400 || status >= 500 || triedAgain.includes(status) || typeof type !== 'string')
    throw new Error(`Stripe answered ${status} ${textOf(code) ?? textOf(type) ?? 'with something of its own'}`);
  return {
    error: {
      type,
      code: textOf(declineCode) ?? textOf(code) ?? type,
      intent: intent === undefined ? null : fieldsOf(intent),
    },
  };
};

/** The fields of what may be an object; none where it is not. */
export const fieldsOf = (value: unknown): StripeObject => Object(value) as StripeObject;

/** The answer to a question. @throws Error where Stripe says no to it. */
export const objectIn = (reply: StripeReply): StripeObject => {
  if ('error' in reply) throw new Error(`Stripe answered ${reply.error.code} to a question`);
  return reply.object;
};

/** @throws Error where there is none. */
export const idOf = ({ id }: StripeObject): string => {
  if (typeof id !== 'string') throw new Error('Stripe answered without an id');
  return id;
};

export const refused = ({ code }: StripeError): Refused => ({ outcome: 'refused', code });

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
