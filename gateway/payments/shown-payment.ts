import { DomainError } from '../../domains/shared/errors.js';
import type { PaymentQueries, PaymentView } from '../../projections/payments/queries.js';
import type { Found } from '../../projections/shared/queries.js';
import { freshnessOf } from '../http/freshness.js';
import { maySee, type GatewayRequest } from '../http/route.js';

/** A payment as it is shown. */
export type ShownPayment = Omit<PaymentView, 'userId'>;

/**
 * The payment of an order as its view shows it, as fresh as the request asks.
 *
 * @throws DomainError `payment.not_found` also where it is somebody else's; what the queries throw.
 */
export const shownPayment = async (
  payments: PaymentQueries,
  orderId: string,
  { caller, headers }: Pick<GatewayRequest, 'caller' | 'headers'>,
): Promise<Found<ShownPayment>> => {
  const found = await payments.byOrder(orderId, freshnessOf(headers));
  if (!found || !maySee(caller, found.item.userId))
    throw new DomainError('payment.not_found', `There is no payment of order ${orderId}`);
  const { userId, ...item } = found.item;
  return { ...found, item };
};
