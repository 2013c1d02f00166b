/**
 * The tokens that the simulated provider knows, and what each stands for: why it declines an authorisation, whether it
 * refuses the capture, and when the first answer to an authorisation comes (it takes effect at once in any case).
 */
const tokens = {
  pm_ok: {},
  pm_declined: { declines: 'card_declined' },
  pm_insufficient_funds: { declines: 'insufficient_funds' },
  pm_slow: { answers: 'late' },
  pm_timeout: { answers: 'only_a_repeat' },
  pm_flaky: { answers: 'after_two_failures' },
  pm_capture_fails: { refusesCapture: true },
} as const satisfies Record<string, PaymentMethod>;

type PaymentMethod = Readonly<{
  declines?: 'card_declined' | 'insufficient_funds';
  refusesCapture?: boolean;
  answers?: 'late' | 'only_a_repeat' | 'after_two_failures';
}>;

/** A payment method as a shop knows it: a token that stands for a card. */
export type PaymentToken = keyof typeof tokens;

export const isPaymentToken = (text: string): text is PaymentToken => Object.hasOwn(tokens, text);

export const paymentMethodOf = (token: PaymentToken): PaymentMethod => tokens[token];
