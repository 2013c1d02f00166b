import type { ServiceBus } from '../../../infra/service-bus/service-bus.js';
import type { Caller } from '../../../infra/security/access-tokens.js';
import { auditors } from '../../audit/access.js';
import { recordRead } from '../../audit/recorded.js';
import { maySee, route, type Route } from '../../http/route.js';
import { ok } from '../../http/success.js';
import { orderFor } from '../own-order.js';
import { TimelineAnswer } from './answers.js';
import { timelineOf, type TimelineSources } from './gather.js';
import { shownEntry } from './timeline.js';

export type TimelineParts = TimelineSources & Readonly<{ bus: Pick<ServiceBus, 'ask' | 'send'> }>;

/** Whose order it is, staff, and auditors, who leave a trace of it. */
const mayRead = (caller: Caller, ownerId: string): boolean =>
  maySee(caller, ownerId) || auditors.roles.some((role) => caller.roles.includes(role));

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
    async (request) => {
      const { params, caller } = request;
      const orderId = params.id;
      const { userId } = await orderFor(parts.bus, caller, orderId, mayRead);
      if (!maySee(caller, userId)) await recordRead(parts.bus, request);
      const { traceIds, entries, missing } = await timelineOf(parts, { orderId, userId });
      return { status: 200, body: { orderId, traceIds, entries: entries.map(shownEntry), missing } };
    },
  ),
];
