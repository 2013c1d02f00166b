import { paymentMethodOf, type PaymentToken } from './payment-methods.js';
import type { ProblemCode } from './problems.js';

/** Money that was promised by a bank, and what became of it. Amounts are in minor units of the charge's currency. */
export type Charge = Readonly<{
  reference: string;
  orderId: string;
  amount: number;
  currency: string;
  method: PaymentToken;
  voided: boolean;
  captures: readonly Capture[];
}>;

/** A capture, and what was given back from it. */
export type Capture = Readonly<{ reference: string; amount: number; refunds: readonly Refund[] }>;

type Refund = Readonly<{ reference: string; amount: number }>;

/** Amounts over charges of one currency; `authorised` counts the voided ones too, `currency` is null without any. */
export type Totals = Readonly<{
  authorised: number;
  captured: number;
  refunded: number;
  voided: number;
  currency: string | null;
}>;

/** An amount to take or to give back, the reference it is to get, and the currency where the caller said it. */
export type Movement = Readonly<{ reference: string; amount: number; currency?: string }>;

/** A rule said no. */
export type Refusal = Readonly<{ refused: ProblemCode }>;

/** Opens a charge, or declines it. `others` are the earlier charges of the same order. */
export const authorise = (
  request: Pick<Charge, 'reference' | 'orderId' | 'amount' | 'currency' | 'method'>,
  others: readonly Charge[],
): Charge | Refusal => {
  const { declines } = paymentMethodOf(request.method);
  if (declines !== undefined) return { refused: declines };
  if (others.some(({ currency }) => currency !== request.currency)) return { refused: 'currency_mismatch' };
  return { ...request, voided: false, captures: [] };
};

/** Takes a part of what was authorised, or all: never more in sum. */
export const capture = (charge: Charge, { reference, amount, currency }: Movement): Charge | Refusal => {
  if (charge.voided) return { refused: 'authorisation_voided' };
  if (isOtherCurrency(charge, currency)) return { refused: 'currency_mismatch' };
  if (paymentMethodOf(charge.method).refusesCapture === true) return { refused: 'capture_refused' };
  if (amount > charge.amount - capturedOf(charge)) return { refused: 'capture_exceeds_authorisation' };
  return { ...charge, captures: [...charge.captures, { reference, amount, refunds: [] }] };
};

/** Gives up an authorisation of which nothing was captured. Voiding a voided one changes nothing. */
export const voidCharge = (charge: Charge): Charge | Refusal => {
  if (charge.captures.length > 0) return { refused: 'already_captured' };
  return { ...charge, voided: true };
};

/** Gives back a part of one capture, or all: never more in sum. */
export const refund = (
  charge: Charge,
  captureReference: string,
  { reference, amount, currency }: Movement,
): Charge | Refusal => {
  const captured = charge.captures.find((each) => each.reference === captureReference);
  if (captured === undefined) return { refused: 'not_found' };
  if (isOtherCurrency(charge, currency)) return { refused: 'currency_mismatch' };
  if (amount > captured.amount - sum(captured.refunds)) return { refused: 'refund_exceeds_capture' };
  const refunded = { ...captured, refunds: [...captured.refunds, { reference, amount }] };
  return { ...charge, captures: charge.captures.map((each) => (each === captured ? refunded : each)) };
};

/** What charges of one currency come to. */
export const totalsOf = (charges: readonly Charge[]): Totals => ({
  authorised: sum(charges),
  captured: sum(charges.flatMap((charge) => charge.captures)),
  refunded: sum(charges.flatMap((charge) => charge.captures.flatMap((captured) => captured.refunds))),
  voided: sum(charges.filter((charge) => charge.voided)),
  currency: charges[0]?.currency ?? null,
});

/** What the charges of each order come to, in the order in which the orders first occur. */
export const totalsByOrder = (charges: readonly Charge[]): (Totals & Readonly<{ orderId: string }>)[] => {
  const byOrder = new Map<string, Charge[]>();
  for (const charge of charges) {
    const found = byOrder.get(charge.orderId);
    if (found === undefined) byOrder.set(charge.orderId, [charge]);
    else found.push(charge);
  }
  return [...byOrder].map(([orderId, ofOrder]) => ({ orderId, ...totalsOf(ofOrder) }));
};

const capturedOf = (charge: Charge) => sum(charge.captures);

const sum = (amounts: readonly Readonly<{ amount: number }>[]) =>
  amounts.reduce((total, { amount }) => total + amount, 0);

const isOtherCurrency = (charge: Charge, currency: string | undefined) =>
  currency !== undefined && currency !== charge.currency;
