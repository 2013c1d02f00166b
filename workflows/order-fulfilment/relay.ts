import type { Client } from '@temporalio/client';
import { runRelay, type RelayParts, type RunningRelay } from '../../infra/relay/relay.js';
import type { ServiceBus } from '../../infra/service-bus/service-bus.js';
import { usualTiming, type Timing } from './fulfilment.js';
import { createStarts } from './start-fulfilment.js';

/** Starts a saga for every order that is placed. */
export const relayOrders = (
  client: Client,
  bus: ServiceBus,
  parts: RelayParts,
  timing: Timing = usualTiming,
): RunningRelay => {
  const starts = createStarts({ client, bus, timing });
  return runRelay(
    {
      name: 'order-fulfilment',
      categories: ['order'],
      types: ['OrderPlaced'],
      handOver: (event) => starts.fulfilment(event),
    },
    parts,
  );
};
