import type { Money } from '../../domains/shared/money.js';

/** The provider said no, and would say so again. `code` is the provider's own, and stable. */
export type Refused = Readonly<{ outcome: 'refused'; code: string }>;

export type Authorised = Readonly<{ outcome: 'authorised'; reference: string }>;
/** The bank does not want to pay: another method may do. */
export type Declined = Readonly<{ outcome: 'declined'; code: string }>;
export type Captured = Readonly<{ outcome: 'captured'; reference: string }>;
export type Voided = Readonly<{ outcome: 'voided'; reference: string }>;
/** `reference` is null where the authorisation never took effect: the late original will be refused. */
export type VoidedByKey = Readonly<{ outcome: 'voided'; reference: string | null }>;
export type Refunded = Readonly<{ outcome: 'refunded'; reference: string }>;

/**
 * A payment provider, as an activity sees it. Every call takes an idempotency key, under which it takes effect once.
 *
 * All throw an Error when the outcome is unknown (5xx, network, timeout): the call is to be repeated with the same key.
 */
export type PaymentProvider = Readonly<{
  authorise: (
    call: Readonly<{ key: string; orderId: string; amount: Money; method: string }>,
  ) => Promise<Authorised | Declined | Refused>;
  /** `reference` is that of the authorisation. */
  capture: (call: Readonly<{ key: string; reference: string; amount: Money }>) => Promise<Captured | Refused>;
  voidAuthorisation: (call: Readonly<{ key: string; reference: string }>) => Promise<Voided | Refused>;
  /** Voids what an authorise call did whose outcome is unknown, or will do when it arrives late. */
  voidByKey: (call: Readonly<{ key: string; authoriseKey: string }>) => Promise<VoidedByKey | Refused>;
  refund: (call: Readonly<{ key: string; captureReference: string; amount: Money }>) => Promise<Refunded | Refused>;
}>;
