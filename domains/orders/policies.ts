import type { Policy } from '../shared/policy.js';
import { dispatchOf, recordDispatchPolicy } from './commands.js';

/** Whoever marks an order as shipped records the dispatch of its goods at once; this one does it where they could not. */
const recordDispatch: Policy = {
  name: recordDispatchPolicy,
  category: 'order',
  type: 'OrderShipped',
  after: 'grace',
  key: ({ data }) => String(data['orderId']),
  command: ({ data }) => ({
    context: 'shipping',
    type: 'RecordDispatch',
    data: dispatchOf(String(data['orderId'])),
  }),
};

/** What follows from events of orders. */
export const orderPolicies: readonly Policy[] = [recordDispatch];
