import { DomainError } from '../../domains/shared/errors.js';
import type { Lookups } from '../../infra/security/lookups.js';
import type { ServiceBus } from '../../infra/service-bus/service-bus.js';
import type { PaymentQueries } from '../../projections/payments/queries.js';
import { commandAnswer, commandContext } from '../http/command-context.js';
import { foundAnswer } from '../http/conditional.js';
import { freshnessOf } from '../http/freshness.js';
import { maySee, route, type Route } from '../http/route.js';
import { orderFor } from '../orders/own-order.js';
import { PaymentMethodDto, RefundDto } from './dto.js';

export type PaymentParts = Readonly<{ bus: ServiceBus; lookups: Lookups; payments: PaymentQueries }>;

/** The payments of orders. */
export const paymentRoutes = ({ bus, lookups, payments }: PaymentParts): readonly Route[] => [
  route('POST', '/payments', { access: 'signed_in', body: PaymentMethodDto }, async (request) => {
    const { orderId, paymentMethod } = request.body;
    await orderFor(bus, request.caller, orderId, ({ userId }, ownerId) => userId === ownerId);
    const { message } = await commandContext(request, lookups);
    const receipt = await bus.send('orders', message('OfferPaymentMethod', { orderId, paymentMethod }));
    return commandAnswer(receipt, { status: 202 });
  }),

  route('GET', '/payments/:orderId', { access: 'signed_in' }, async ({ params: { orderId }, caller, headers }) => {
    const found = await payments.byOrder(orderId, freshnessOf(headers));
    if (!found || !maySee(caller, found.item.userId))
      throw new DomainError('payment.not_found', `There is no payment of order ${orderId}`);
    const { userId, ...payment } = found.item;
    return foundAnswer(headers, { ...found, item: payment });
  }),

  route('POST', '/payments/:orderId/refunds', { access: { roles: ['staff'] }, body: RefundDto }, async (request) => {
    const { amount = null, reason } = request.body;
    const { newId: refundId, message } = await commandContext(request, lookups);
    const refund = { orderId: request.params.orderId, refundId, amount, reason };
    return commandAnswer(await bus.send('payments', message('RequestRefund', refund)), { status: 202 });
  }),
];
