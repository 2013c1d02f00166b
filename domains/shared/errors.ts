/**
 * Every code an answer can carry, with its HTTP status and title (RFC 9457). Codes are part of the public API:
 * they are added, never changed.
 */
export const errorCodes = {
  'auth.bad_credentials': { status: 401, title: 'Email or password is wrong' },
  'auth.missing_token': { status: 401, title: 'An access token is needed' },
  'auth.invalid_token': { status: 401, title: 'The access token is not valid' },
  'auth.expired_token': { status: 401, title: 'The access token has expired' },
  'auth.forbidden': { status: 403, title: 'Your roles do not allow this' },
  'request.malformed_json': { status: 400, title: 'The body is not JSON' },
  'request.invalid': { status: 400, title: 'The request has wrong fields' },
  'request.invalid_token': { status: 400, title: 'A consistency token is not one of ours' },
  'request.invalid_cursor': { status: 400, title: 'The cursor is not one of ours' },
  'request.too_large': { status: 413, title: 'The body is too large' },
  'request.unsupported_media_type': { status: 415, title: 'The body must be application/json' },
  'route.not_found': { status: 404, title: 'There is nothing at this address' },
  'idempotency.mismatch': { status: 422, title: 'The idempotency key was used with another body' },
  'idempotency.invalid_key': { status: 400, title: 'The idempotency key is not valid' },
  'command.invalid': { status: 400, title: 'The command has wrong fields' },
  'command.unknown': { status: 404, title: 'No such command' },
  'command.conflict': { status: 409, title: 'Too many changes at once' },
  'view.behind': { status: 503, title: 'The view has not caught up yet' },
  'service.unavailable': { status: 503, title: 'A part of the platform is away' },
  'internal.error': { status: 500, title: 'Something went wrong on our side' },
  'money.currency_mismatch': { status: 422, title: 'The currencies differ' },
  'money.too_large': { status: 422, title: 'The amount is too large' },
  'user.already_registered': { status: 409, title: 'The user is already registered' },
  'user.email_taken': { status: 409, title: 'The email is taken' },
  'product.not_found': { status: 404, title: 'No such product' },
  'product.already_added': { status: 409, title: 'The product exists' },
  'product.sku_taken': { status: 409, title: 'The SKU is taken' },
  'stock.out_of_stock': { status: 409, title: 'Not enough in stock' },
  'stock.reservation_closed': { status: 409, title: 'The reservation was already released or refused' },
  'stock.not_reserved': { status: 409, title: 'There is no such reservation' },
  'stock.too_large': { status: 422, title: 'The stock would be too large' },
  'order.not_found': { status: 404, title: 'No such order' },
  'order.empty': { status: 422, title: 'The order has no lines' },
  'order.unknown_user': { status: 400, title: 'No such user' },
  'order.unknown_product': { status: 422, title: 'An ordered product is unknown or discontinued' },
  'order.illegal_transition': { status: 409, title: 'The order does not allow this now' },
  'payment.not_found': { status: 404, title: 'No such payment' },
  'payment.illegal_transition': { status: 409, title: 'The payment does not allow this now' },
  'payment.refund_too_large': { status: 409, title: 'The refunds would exceed what was captured' },
} as const satisfies Record<string, { status: number; title: string }>;

export type ErrorCode = keyof typeof errorCodes;

/** One wrong field: an RFC 6901 pointer into the body, and a sentence that says what it must be. */
export type FieldError = Readonly<{ pointer: string; detail: string }>;

/**
 * A rule said no. Recognised by its `code`, never by `instanceof`, since it crosses process borders as problem+json;
 * workflows do not retry it.
 */
export class DomainError extends Error {
  override readonly name = 'DomainError';
  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly errors: readonly FieldError[] = [],
  ) {
    super(message);
  }
}

/** Whether `error` is a refusal with a code of ours, wherever it was thrown. */
export const isDomainError = (error: unknown): error is DomainError =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' && Object.hasOwn(errorCodes, error.code);
