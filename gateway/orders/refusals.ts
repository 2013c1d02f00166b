import type { ErrorCode } from '../../domains/shared/errors.js';

/** Why an order is not placed. */
export const placementRefusals = [
  ...(['order.unknown_user', 'order.unknown_product', 'order.empty', 'order.placement_abandoned'] as const),
  ...(['money.currency_mismatch', 'money.too_large'] as const),
] satisfies readonly ErrorCode[];
