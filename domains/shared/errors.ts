/**
 * Every code an answer can carry, with its HTTP status and title (RFC 9457). Codes are part of the public API:
 * they are added, never changed.
 */
export const errorCodes = {
  'auth.bad_credentials': { status: 401, title: 'Email or password is wrong' },
  'auth.missing_token': { status: 401, title: 'An access token is needed' },
  'auth.invalid_token': { status: 401, title: 'The access token is not valid' },
  'auth.expired_token': { status: 401, title: 'The access token has expired' },
  'auth.revoked_token': { status: 401, title: 'The session has ended' },
  'auth.too_many_attempts': { status: 429, title: 'Too many attempts to sign in' },
  'auth.forbidden': { status: 403, title: 'Your roles do not allow this' },
  'request.malformed_json': { status: 400, title: 'The body is not JSON' },
  'request.invalid': { status: 400, title: 'The request has wrong fields' },
  'request.invalid_token': { status: 400, title: 'A consistency token is not one of ours' },
  'request.invalid_cursor': { status: 400, title: 'The cursor is not one of ours' },
  'request.too_deep': { status: 400, title: 'The body is nested too deep' },
  'request.malformed': { status: 400, title: 'The request is not HTTP' },
  'request.timeout': { status: 408, title: 'The request took too long to arrive' },
  'request.target_too_long': { status: 414, title: 'The address is too long' },
  'request.headers_too_large': { status: 431, title: 'The headers are too large or too many' },
  'request.too_large': { status: 413, title: 'The body is too large' },
  'request.unsupported_media_type': { status: 415, title: 'The body must be application/json' },
  'route.not_found': { status: 404, title: 'There is nothing at this address' },
  'request.method_not_allowed': { status: 405, title: 'The address does not take this method' },
  'idempotency.mismatch': { status: 422, title: 'The idempotency key was used with another body' },
  'idempotency.invalid_key': { status: 400, title: 'The idempotency key is not valid' },
  'command.invalid': { status: 400, title: 'The command has wrong fields' },
  'command.unknown': { status: 404, title: 'No such command' },
  'command.conflict': { status: 409, title: 'Too many changes at once' },
  'view.behind': { status: 503, title: 'The view has not caught up yet' },
  'view.parked': { status: 503, title: 'An event of this waits to be mended' },
  'projection.not_found': { status: 404, title: 'No such projection' },
  'projection.not_ready': { status: 409, title: 'There is no build that can serve' },
  'projection.nothing_parked': { status: 404, title: 'Nothing of this key is parked' },
  'rate.limited': { status: 429, title: 'Too many requests' },
  'gateway.overloaded': { status: 503, title: 'The platform has too much to do' },
  'service.unavailable': { status: 503, title: 'A part of the platform is away' },
  'service.timeout': { status: 504, title: 'A part of the platform took too long' },
  'internal.error': { status: 500, title: 'Something went wrong on our side' },
  'money.currency_mismatch': { status: 422, title: 'The currencies differ' },
  'money.too_large': { status: 422, title: 'The amount is too large' },
  'user.already_registered': { status: 409, title: 'The user is already registered' },
  'user.email_taken': { status: 409, title: 'The email is taken' },
  'user.not_found': { status: 404, title: 'No such user' },
  'user.has_open_orders': { status: 409, title: 'Orders of the user are still under way' },
  'user.registration_abandoned': { status: 409, title: 'The registration took too long and was given up' },
  'user.erasure_withdrawn': { status: 409, title: 'The erasure took too long and was given up' },
  'user.change_abandoned': { status: 409, title: 'The change of address took too long and was given up' },
  'product.not_found': { status: 404, title: 'No such product' },
  'product.already_added': { status: 409, title: 'The product exists' },
  'product.sku_taken': { status: 409, title: 'The SKU is taken' },
  'product.discontinued': { status: 409, title: 'The product is discontinued' },
  'product.change_abandoned': { status: 409, title: 'The change of SKU took too long and was given up' },
  'category.not_found': { status: 404, title: 'No such category' },
  'category.already_added': { status: 409, title: 'The category exists' },
  'category.unknown_parent': { status: 422, title: 'The parent category does not exist' },
  'stock.out_of_stock': { status: 409, title: 'Not enough in stock' },
  'stock.reservation_closed': { status: 409, title: 'The reservation was already released or refused' },
  'stock.already_reserved': { status: 409, title: 'The order has a reservation of another quantity' },
  'stock.not_reserved': { status: 409, title: 'There is no such reservation' },
  'stock.not_committed': { status: 409, title: 'The order took nothing from this stock' },
  'stock.too_large': { status: 422, title: 'The stock would be too large' },
  'cart.empty': { status: 409, title: 'The cart is empty' },
  'cart.too_many_lines': { status: 422, title: 'The cart has too many lines' },
  'cart.too_many_checkouts': { status: 409, title: 'Too many checkouts are yet to become orders' },
  'cart.unknown_product': { status: 422, title: 'The product is unknown or discontinued' },
  'cart.no_checkout': { status: 409, title: 'There is no such checkout' },
  'order.not_found': { status: 404, title: 'No such order' },
  'order.empty': { status: 422, title: 'The order has no lines' },
  'order.unknown_user': { status: 400, title: 'No such user' },
  'order.unknown_product': { status: 422, title: 'An ordered product is unknown or discontinued' },
  'order.placement_abandoned': { status: 409, title: 'The order was refused and given up' },
  'order.too_many_payment_methods': { status: 409, title: 'Too many payment methods were tried for the order' },
  'order.illegal_transition': { status: 409, title: 'The order does not allow this now' },
  'order.not_cancellable': { status: 409, title: 'The order can no longer be cancelled' },
  'order.not_returnable': { status: 409, title: 'The order cannot be returned now' },
  'saga.not_found': { status: 404, title: 'The order has no saga' },
  'payment.not_found': { status: 404, title: 'No such payment' },
  'payment.illegal_transition': { status: 409, title: 'The payment does not allow this now' },
  'shipment.not_found': { status: 404, title: 'No such shipment' },
  'shipment.illegal_transition': { status: 409, title: 'The shipment does not allow this now' },
  'notification.not_found': { status: 404, title: 'No such notification' },
  'notification.already_sent': { status: 409, title: 'The notification was already sent' },
  'payment.refund_too_large': { status: 409, title: 'The refunds would exceed what was captured' },
  'audit.no_such_stream': { status: 404, title: 'There is no such stream' },
  'audit.no_such_correlation': { status: 404, title: 'Nothing was caused under this correlation' },
  'audit.no_such_category': { status: 404, title: 'There are no streams of such a name' },
  'audit.no_such_type': { status: 404, title: 'There are no events of that type' },
  'audit.too_many_events': { status: 422, title: 'Those are too many events for one answer' },
  'audit.index_behind': { status: 503, title: 'Too much is not in the audit log yet' },
  'audit.unreadable_event': { status: 422, title: 'The stream has an event that this version does not know' },
  'audit.tampered': { status: 409, title: 'The record differs from the audit log' },
  'audit.beyond_the_end': { status: 404, title: 'The stream had no such event then' },
  'audit.no_replay': { status: 404, title: 'No such replay' },
  'audit.replay_running': { status: 409, title: 'The replay is still under way' },
  'audit.too_many_replays': { status: 409, title: 'Too many replays are kept' },
  'audit.no_verification': { status: 404, title: 'No such verification' },
  'audit.not_logged': { status: 404, title: 'The audit log does not have this event' },
  'webhook.signature_invalid': { status: 401, title: 'The signature is missing, wrong or too old' },
  'payment.refund_refused': { status: 409, title: 'The refund was refused' },
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
