import type { ServiceBus } from '../../../infra/service-bus/service-bus.js';
import { route, type Route } from '../../http/route.js';
import { ok } from '../../http/success.js';
import { orderFor } from '../own-order.js';
import { TimelineAnswer } from './answers.js';
import { timelineOf, type TimelineSources } from './gather.js';
import { shownEntry } from './timeline.js';

export type TimelineParts = TimelineSources & Readonly<{ bus: Pick<ServiceBus, 'ask'> }>;

/** What happened with an order. */
export const timelineRoutes = (parts: TimelineParts): readonly Route[] => [
  route(
    'GET',
    '/orders/:id/timeline',
    {
      id: 'getTimeline',
      summary: 'All that happened with an order, in one ordered list',
      access: 'signed_in',
      answers: ok(TimelineAnswer),
      refuses: ['order.not_found'],
    },
    async ({ params: { id: orderId }, caller }) => {
      const { userId } = await orderFor(parts.bus, caller, orderId);
      const { traceIds, entries, missing } = await timelineOf(parts, { orderId, userId });
      return { status: 200, body: { orderId, traceIds, entries: entries.map(shownEntry), missing } };
    },
  ),
];
