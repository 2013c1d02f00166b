/** Every code with which the provider says no, its HTTP status and a sentence. Codes are added, never changed. */
const problems = {
  request_invalid: { status: 400, detail: 'The request has wrong fields' },
  idempotency_key_missing: { status: 400, detail: 'The header Idempotency-Key is needed: 1 to 255 characters' },
  card_declined: { status: 402, detail: 'The card was declined' },
  insufficient_funds: { status: 402, detail: 'The account does not hold that much' },
  capture_refused: { status: 402, detail: 'The bank refused the capture' },
  not_found: { status: 404, detail: 'There is nothing at this address' },
  already_captured: { status: 409, detail: 'The authorisation was captured: it is refunded, not voided' },
  authorisation_voided: { status: 409, detail: 'The authorisation was voided' },
  capture_exceeds_authorisation: { status: 409, detail: 'More would be captured than was authorised' },
  currency_mismatch: { status: 409, detail: 'The order or the charge is in another currency' },
  key_voided: { status: 409, detail: 'The call with this key was voided before it arrived' },
  refund_exceeds_capture: { status: 409, detail: 'More would be refunded than was captured' },
  key_reused: { status: 422, detail: 'The idempotency key was used for another request' },
  unknown_method: { status: 422, detail: 'There is no such payment method' },
  provider_failed: { status: 500, detail: 'Something went wrong: nothing took effect' },
} as const satisfies Record<string, { status: number; detail: string }>;

export type ProblemCode = keyof typeof problems;

/** What the provider answers to a request. */
export type Answer = Readonly<{ status: number; body: Readonly<Record<string, unknown>> }>;

export const isProblemCode = (code: unknown): code is ProblemCode =>
  typeof code === 'string' && Object.hasOwn(problems, code);

/** The answer that says no with `code`; `detail` where there is more to say than the code does. */
export const problemAnswer = (code: ProblemCode, detail: string = problems[code].detail): Answer => ({
  status: problems[code].status,
  body: { code, detail },
});

/** The form of a request is wrong: nothing was decided, so nothing is remembered under its key. */
export class RequestRefused extends Error {
  override readonly name = 'RequestRefused';
  constructor(
    readonly code: ProblemCode,
    detail?: string,
  ) {
    super(detail ?? problems[code].detail);
  }
}
