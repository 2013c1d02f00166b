import type { StreamEvent } from '../../../infra/event-store/stored-event.js';
import type { HistoryStep } from '../../../infra/temporal/history-steps.js';
import type { WorkflowHistory } from '../../../infra/temporal/read-history.js';
import { traceIdOf } from '../../../infra/telemetry/tracing.js';
import type { TimelineEntry } from './timeline.js';

/** A workflow of the order, and the event that began it. */
export type SagaOfOrder = Readonly<{ workflowId: string; begunBy: StreamEvent }>;

/** Whoever does what a saga does. */
const sagaActor = '(saga)';

/** The workflows of an order, by its events: the saga, its return, and refunds that nobody's saga asked for. */
export const sagasOf = (events: readonly StreamEvent[]): readonly SagaOfOrder[] =>
  events.flatMap((event): readonly SagaOfOrder[] => {
    const workflowId = workflowBegunBy(event);
    return workflowId === null ? [] : [{ workflowId, begunBy: event }];
  });

const workflowBegunBy = ({ type, data, metadata }: StreamEvent): string | null => {
  if (type === 'OrderPlaced') return `order-${String(data['orderId'])}`;
  if (type === 'ReturnRequested') return `order-return-${String(data['orderId'])}`;
  const isRefund = type === 'RefundRequested' && metadata.actor !== sagaActor;
  return isRefund ? `payment-refund-${String(data['refundId'])}` : null;
};

/** What a saga did and was told, in the trace of what began it. What it was told is its teller's. */
export const sagaEntries = (
  { begunBy }: SagaOfOrder,
  { workflowId, runId, steps }: WorkflowHistory,
  events: readonly StreamEvent[],
): readonly TimelineEntry[] => {
  const byId = new Map(events.map((event) => [event.id, event]));
  return steps.map((step) => {
    const { at, kind, name, summary } = step;
    const news = kind === 'signal' ? newsIn(step.told) : null;
    const { actor, traceparent } = byId.get(news?.id ?? '')?.metadata ?? { ...begunBy.metadata, actor: sagaActor };
    return {
      ...{ at, kind: 'saga', name: kind === 'activity' ? (summary ?? name) : name },
      ...{ actor, traceId: traceIdOf(traceparent) },
      detail: {
        workflowId,
        runId,
        step: kind,
        ...(kind === 'activity' ? { activity: name } : {}),
        ...known(step),
        ...told(news),
      },
    };
  });
};

const known = ({ outcome, attempts, code, durationMs }: HistoryStep) =>
  Object.fromEntries(Object.entries({ outcome, attempts, code, durationMs }).filter(([, value]) => value !== null));

/** What comes with a signal that tells of an event. */
type News = Readonly<{ id: string; type: string }>;

const newsIn = (told: unknown): News | null => {
  const { id, type } = Object(told) as Partial<News>;
  return typeof id === 'string' && typeof type === 'string' ? { id, type } : null;
};

const told = (news: News | null) => (news ? { event: news.type, eventId: news.id } : {});
