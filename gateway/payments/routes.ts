import type { Lookups } from '../../infra/security/lookups.js';
import type { ServiceBus } from '../../infra/service-bus/service-bus.js';
import type { PaymentQueries } from '../../projections/payments/queries.js';
import { commandAnswer, commandContext } from '../http/command-context.js';
import { foundAnswer } from '../http/conditional.js';
import { command, query, type Route } from '../http/route.js';
import { accepted, found } from '../http/success.js';
import { orderFor } from '../orders/own-order.js';
import { PaymentAnswer } from './answers.js';
import { PaymentMethodDto, RefundDto } from './dto.js';
import { shownPayment } from './shown-payment.js';

export type PaymentParts = Readonly<{ bus: ServiceBus; lookups: Lookups; payments: PaymentQueries }>;

/** The payments of orders. */
export const paymentRoutes = ({ bus, lookups, payments }: PaymentParts): readonly Route[] => [
  command(
    'POST',
    '/payments',
    {
      id: 'offerPaymentMethod',
      summary: 'Offers another method for an order whose payment was declined',
      access: 'signed_in',
      body: PaymentMethodDto,
      answers: accepted,
      refuses: ['order.not_found', 'order.illegal_transition', 'order.too_many_payment_methods'],
    },
    async (request) => {
      const { orderId, paymentMethod } = request.body;
      await orderFor(bus, request.caller, orderId, ({ userId }, ownerId) => userId === ownerId);
      const { message } = await commandContext(request, lookups);
      const receipt = await bus.send('orders', message('OfferPaymentMethod', { orderId, paymentMethod }));
      return commandAnswer(receipt, { status: 202 });
    },
  ),

  query(
    'GET',
    '/payments/:orderId',
    {
      id: 'getPayment',
      summary: 'The payment of an order',
      access: 'signed_in',
      answers: found(PaymentAnswer),
      refuses: ['payment.not_found'],
    },
    async (request) => foundAnswer(await shownPayment(payments, request.params.orderId, request)),
  ),

  command(
    'POST',
    '/payments/:orderId/refunds',
    {
      id: 'refundPayment',
      summary: 'Gives money back; all that is left without an amount',
      access: { roles: ['staff'] },
      body: RefundDto,
      answers: accepted,
      refuses: [
        'payment.not_found',
        'payment.illegal_transition',
        'payment.refund_too_large',
        'payment.refund_refused',
        'money.currency_mismatch',
      ],
    },
    async (request) => {
      const { amount = null, reason } = request.body;
      const { newId: refundId, message } = await commandContext(request, lookups);
      const refund = { orderId: request.params.orderId, refundId, amount, reason };
      return commandAnswer(await bus.send('payments', message('RequestRefund', refund)), { status: 202 });
    },
  ),
];
