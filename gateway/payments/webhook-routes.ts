import { nameBasedId } from '../../infra/ids/name-based-id.js';
import type { ReadNotice } from '../../infra/payment-provider/webhooks/notice-reader.js';
import type { ServiceBus } from '../../infra/service-bus/service-bus.js';
import { rawRoute, type Route } from '../http/route.js';
import { accepted } from '../http/success.js';

export type WebhookParts = Readonly<{ bus: ServiceBus; readNotice: ReadNotice }>;

/** The namespace of ids of the commands that notices become (RFC 9562, 5.5). */
const namespace = '0e2b6c1a-5d0f-4f6e-8f0c-3f5b9f1c7d24';

/**
 * What the payment provider tells by itself: recorded once for each notice, however often it comes. Whatever is not a
 * 2xx makes the provider tell it again, also of a payment that is not known yet.
 */
export const webhookRoutes = ({ bus, readNotice }: WebhookParts): readonly Route[] => [
  rawRoute(
    'POST',
    '/webhooks/payments',
    {
      id: 'receivePaymentNotice',
      summary: 'A notice of the payment provider, signed by it; a repeat is a success',
      answers: accepted,
      refuses: [
        'webhook.signature_invalid',
        'request.malformed_json',
        'command.invalid',
        'payment.not_found',
        'command.conflict',
      ],
    },
    async ({ headers, body, traceparent }) => {
      const now = Date.now();
      const notice = readNotice({ headers, body, now });
      if (notice === null) return { status: 202 };
      const commandId = nameBasedId(notice.noticeId, namespace);
      await bus.send('payments', {
        type: 'RecordProviderNotice',
        data: notice,
        at: new Date(now).toISOString(),
        commandId,
        correlationId: commandId,
        actor: '(provider)',
        traceparent,
      });
      return { status: 202 };
    },
  ),
];
