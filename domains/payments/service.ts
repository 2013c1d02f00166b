import type { Aggregate, AnyCommandDefinition, QuestionDefinition, Service } from '../shared/service.js';
import { parsePaymentQuestion, paymentParsers, type PaymentCommand, type PaymentStanding } from './commands.js';
import { paymentEvents, type PaymentEvent } from './events.js';
import { payment } from './payment.js';
import { noPayment, type Payment } from './payment-state.js';
import { paymentUpcasters } from './upcasters.js';

const paymentAggregate: Aggregate<Payment, PaymentCommand, PaymentEvent> = {
  category: 'payment',
  decider: payment,
  events: paymentEvents,
  upcasters: paymentUpcasters,
};

const commands = Object.fromEntries(
  Object.entries(paymentParsers).map(([type, parse]): [string, AnyCommandDefinition] => [
    type,
    {
      parse,
      steps: (data: PaymentCommand['data']) => [
        { aggregate: paymentAggregate, id: data.orderId, command: { type, data } },
      ],
      answer: (state: Payment) => standing(state),
    },
  ]),
);

const standing = ({ authorisation, capture, refunds }: Payment): PaymentStanding => ({
  authorisation: authorisation && {
    attempt: authorisation.attempt,
    reference: authorisation.reference,
    outcome: authorisation.outcome,
  },
  capture: capture && { reference: capture.reference, outcome: capture.outcome },
  captured: capture?.outcome === 'captured' ? capture.amount : null,
  refunds,
});

/** Where the payment of an order stands. */
const standingOf: QuestionDefinition<{ orderId: string }> = {
  parse: parsePaymentQuestion,
  reads: ({ orderId }) => [{ aggregate: paymentAggregate, id: orderId }],
  answer: ([found]: readonly Payment[]) => standing(found ?? noPayment),
};

export const payments: Service = {
  context: 'payments',
  aggregates: [paymentAggregate],
  commands,
  questions: { standingOf },
  policies: [],
};
