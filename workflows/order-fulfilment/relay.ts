import type { Client } from '@temporalio/client';
import { runRelay, type RelayParts, type RunningRelay } from '../../infra/relay/relay.js';
import { startFulfilment } from './start-fulfilment.js';

/** Starts a saga for every order that is placed. */
export const relayOrders = (client: Client, parts: RelayParts): RunningRelay =>
  runRelay(
    {
      name: 'order-fulfilment',
      categories: ['order'],
      types: ['OrderPlaced'],
      handOver: (event) => startFulfilment(client, event),
    },
    parts,
  );
