import { DomainError } from '../../domains/shared/errors.js';
import type { PaymentQueries } from '../../projections/payments/queries.js';
import { freshnessOf } from '../http/freshness.js';
import { maySee, route, type Route } from '../http/route.js';

/** The payments of orders. */
export const paymentRoutes = ({ payments }: Readonly<{ payments: PaymentQueries }>): readonly Route[] => [
  route('GET', '/payments/:orderId', { access: 'signed_in' }, async ({ params: { orderId }, caller, headers }) => {
    const found = await payments.byOrder(orderId, freshnessOf(headers));
    if (!found || !maySee(caller, found.userId))
      throw new DomainError('payment.not_found', `There is no payment of order ${orderId}`);
    const { userId, ...payment } = found;
    return { status: 200, body: payment };
  }),
];
