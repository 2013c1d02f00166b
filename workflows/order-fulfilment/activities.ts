import { activityInfo, heartbeat } from '@temporalio/activity';
import type { PaymentProvider } from '../../infra/payment-provider/payment-provider.js';
import type { ServiceBus } from '../../infra/service-bus/service-bus.js';
import { createCommandSender } from './command-sender.js';
import { createOrderActivities } from './order-activities.js';
import { createPaymentActivities } from './payment-activities.js';
import { createPaymentCalls } from './payment-calls.js';
import { createRefundActivities } from './refund-activities.js';
import { createShipmentActivities } from './shipment-activities.js';
import { createStockActivities } from './stock-activities.js';
import { createUndoingPayments } from './undoing-payments.js';

export type ActivityParts = Readonly<{ bus: ServiceBus; provider: PaymentProvider }>;

/** All that the workflows do to the world: commands to the contexts and calls to the payment provider. */
export const createActivities = ({ bus, provider }: ActivityParts) => {
  const send = createCommandSender(bus);
  const payments = createPaymentCalls({ bus, provider, send });
  return heartbeating({
    ...createOrderActivities({ bus, send }),
    ...createStockActivities(send),
    ...createPaymentActivities(payments),
    ...createUndoingPayments(payments),
    ...createRefundActivities(payments),
    ...createShipmentActivities({ bus, send }),
  });
};

export type Activities = ReturnType<typeof createActivities>;

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- any input: what comes in goes through
type AnyActivity = (input: any) => Promise<unknown>;

const heartbeatEveryMs = 2_000;

/** While an activity waits for an answer its worker says that it lives, so that a worker that died is noticed before. */
const heartbeating = <All extends Record<string, AnyActivity>>(activities: All): All =>
  Object.fromEntries(
    Object.entries(activities).map(([name, activity]) => [
      name,
      async (input: unknown) => {
        if (activityInfo().isLocal) return activity(input);
        const beating = setInterval(heartbeat, heartbeatEveryMs);
        try {
          return await activity(input);
        } finally {
          clearInterval(beating);
        }
      },
    ]),
  ) as All;
