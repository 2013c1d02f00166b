import { createGateway } from '../../../../gateway/http/server.js';
import { createRateLimits } from '../../../../gateway/limits/rate-limits.js';
import { apiRoutes, type ApiParts } from '../../../../gateway/routes.js';
import { createLog, inBatches } from '../../../logging/log.js';
import { listen } from '../../../process/server.js';
import { createAccessTokens } from '../../../security/access-tokens.js';
import type { ServiceBus } from '../../../service-bus/service-bus.js';
import { startTelemetry } from '../../../telemetry/telemetry.js';
import { placed, type order } from '../order.js';
import { serve } from '../serving.js';
import { signedWith } from '../signed-with.js';

/**
 * The gateway as it is, with all its routes; behind it a bus that answers at once. It is the only file here that knows
 * the gateway, and may since it is a composition root.
 */
const bus: Pick<ServiceBus, 'send'> = {
  send: (_context, { data }) => {
    const { orderId, userId, items } = data as typeof order & Readonly<{ orderId: string; userId: string }>;
    const answer = placed({ items }, userId, orderId);
    const written = { category: 'order', position: '4711' };
    return Promise.resolve({ streamId: `order-${orderId}`, revision: 0, ...written, touched: [written], answer });
  },
};

serve(async ({ signingKey, spansTo }) => {
  await startTelemetry('evermart-gateway', { OTEL_EXPORTER_OTLP_ENDPOINT: spansTo }).ready;
  const server = createGateway({
    // What else they need is for requests that nobody sends here.
    routes: apiRoutes({ bus } as unknown as ApiParts),
    accessTokens: createAccessTokens(signedWith(Buffer.from(signingKey))),
    // Every request takes from its bucket, which is never empty.
    rateLimits: createRateLimits({ perSecond: 1_000_000, burst: 1_000_000 }),
    log: createLog('gateway', { LOG_LEVEL: 'info' }, inBatches('/dev/null')),
  });
  await listen(server, { host: '127.0.0.1', port: 0 });
  return server;
});
