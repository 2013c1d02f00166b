import type { StoredEvent } from '../../../../infra/event-store/stored-event.js';
import type { JaegerSpan } from '../../../../infra/telemetry/jaeger-query.js';

export const orderId = 'o1';
export const traceId = '0af7651916cd43dd8448eb211c80319c';
export const begin = Date.parse('2020-01-01T00:00:00.000Z');

/** An event of order `o1`, which is Ada's, `position` seconds after the beginning. */
export const event = (
  position: number,
  streamId: string,
  type: string,
  data: Readonly<Record<string, unknown>> = {},
  over: Partial<StoredEvent['metadata']> = {},
): StoredEvent => ({
  ...{ id: `e${position}`, streamId, category: streamId.split('-')[0] ?? '', revision: position, type },
  position: { commit: BigInt(position), prepare: BigInt(position) },
  data: { orderId, userId: 'ada', ...data },
  metadata: {
    ...{ $correlationId: 'c1', $causationId: 'k1', commandId: `k${position}`, actor: 'ada', schemaVersion: 1 },
    ...{ at: new Date(begin).toISOString(), traceparent: `00-${traceId}-b7ad6b7169203331-01` },
    ...over,
  },
  created: new Date(begin + position * 1_000),
});

/** A span of half a second, a second after the beginning. */
export const span = (name: string, over: Partial<JaegerSpan> = {}): JaegerSpan => ({
  ...{ traceId, spanId: name, parentSpanId: null, service: 'evermart-gateway', name },
  ...{ start: begin + 1_000.25, durationMs: 500, attributes: {} },
  ...over,
});
