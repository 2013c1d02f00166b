import type { PaymentCommand, PaymentStanding } from '../../domains/payments/commands.js';
import type { PaymentProvider } from '../../infra/payment-provider/payment-provider.js';
import type { ServiceBus } from '../../infra/service-bus/service-bus.js';
import type { SendCommand } from './command-sender.js';
import type { Cause } from './fulfilment.js';
import { failure } from './refusals.js';

export type PaymentParts = Readonly<{ bus: ServiceBus; provider: PaymentProvider; send: SendCommand }>;

/** The payment's stream and the provider, between which every activity of a payment goes to and fro. */
export type PaymentCalls = Readonly<{
  /** Has something decided and kept by the payment's stream, once under `name`; gives where the payment stands then. */
  tell: (cause: Cause, command: PaymentCommand, name: string) => Promise<PaymentStanding>;
  standingOf: (orderId: string) => Promise<PaymentStanding>;
  provider: PaymentProvider;
}>;

export const createPaymentCalls = ({ bus, provider, send }: PaymentParts): PaymentCalls => ({
  tell: async (cause, command, name) => (await send(cause, 'payments', command, name)) as PaymentStanding,
  standingOf: async (orderId) => (await bus.ask('payments', 'standingOf', { orderId })) as PaymentStanding,
  provider,
});

/** The provider's answer. @throws ApplicationFailure where there is none: what came of the call is not known. */
export const answered = async <Reply>(call: Promise<Reply>): Promise<Reply> => {
  try {
    return await call;
  } catch {
    throw failure('payment_provider.unanswered', 'The payment provider gave no answer');
  }
};

/** What the provider calls the authorisation. @throws Error where there is none. */
export const authorisedAs = ({ authorisation }: PaymentStanding): string => {
  if (!authorisation?.reference) throw new Error('The payment has no authorisation to refer to');
  return authorisation.reference;
};
