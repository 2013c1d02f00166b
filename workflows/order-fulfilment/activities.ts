import type { PaymentProviderClient } from '../../infra/payment-provider/payment-provider-client.js';
import type { ServiceBus } from '../../infra/service-bus/service-bus.js';
import { createCommandSender } from './command-sender.js';
import { createOrderActivities } from './order-activities.js';
import { createPaymentActivities } from './payment-activities.js';
import { createStockActivities } from './stock-activities.js';

export type ActivityParts = Readonly<{ bus: ServiceBus; provider: PaymentProviderClient }>;

/** All that the saga does to the world: commands to the contexts and calls to the payment provider. */
export const createActivities = ({ bus, provider }: ActivityParts) => {
  const send = createCommandSender(bus);
  return {
    ...createOrderActivities({ bus, send }),
    ...createStockActivities(send),
    ...createPaymentActivities({ bus, provider, send }),
  };
};

export type Activities = ReturnType<typeof createActivities>;
