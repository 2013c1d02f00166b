import type { HistoryStep } from '../../../infra/temporal/history-steps.js';
import { sagaEntries, sagasOf } from './saga-steps.js';
import { begin, event, traceId } from './testing/example.js';

const otherTrace = '1'.repeat(32);
const placed = event(1, 'order-o1', 'OrderPlaced');
const cancelled = event(...([5, 'order-o1', 'CancellationRequested', {}] as const), {
  actor: 'sam',
  traceparent: `00-${otherTrace}-b7ad6b7169203331-01`,
});

const step = (kind: HistoryStep['kind'], over: Partial<HistoryStep>): HistoryStep => ({
  ...{ kind, name: 'any', summary: null, at: begin, durationMs: null, outcome: null, attempts: null, code: null },
  ...{ told: null, ...over },
});
const shown = (...steps: readonly HistoryStep[]) => {
  const history = { workflowId: 'order-o1', runId: 'r1', steps, isWhole: true };
  return sagaEntries({ workflowId: 'order-o1', begunBy: placed }, history, [placed, cancelled]);
};

describe('the workflows of an order', () => {
  it('are its saga, its return, and refunds that people asked for', () => {
    const events = [
      placed,
      event(2, 'payment-o1', 'RefundRequested', { refundId: 'f1' }, { actor: '(saga)' }),
      event(3, 'payment-o1', 'RefundRequested', { refundId: 'f2' }, { actor: 'sam' }),
      event(4, 'order-o1', 'ReturnRequested'),
    ];
    expect(sagasOf(events)).toEqual([
      { workflowId: 'order-o1', begunBy: events[0] },
      { workflowId: 'payment-refund-f2', begunBy: events[2] },
      { workflowId: 'order-return-o1', begunBy: events[3] },
    ]);
  });
});

describe('a step of a saga', () => {
  it('that is an activity is called as the saga calls it', () =>
    expect(
      shown(
        step('activity', {
          ...{ name: 'authorisePayment', summary: 'authorise', durationMs: 12.5, outcome: 'failed', attempts: 3 },
          code: 'payment_provider.unanswered',
        }),
      ),
    ).toEqual([
      {
        ...{ at: begin, kind: 'saga', name: 'authorise', actor: '(saga)', traceId },
        detail: {
          ...{ workflowId: 'order-o1', runId: 'r1', step: 'activity', activity: 'authorisePayment', durationMs: 12.5 },
          ...{ outcome: 'failed', attempts: 3, code: 'payment_provider.unanswered' },
        },
      },
    ]));

  it('that is a workflow or a timer goes by its own name', () =>
    expect(shown(step('workflow', { name: 'orderFulfilment', summary: 'Order o1', outcome: 'running' }))).toEqual([
      {
        ...{ at: begin, kind: 'saga', name: 'orderFulfilment', actor: '(saga)', traceId },
        detail: { workflowId: 'order-o1', runId: 'r1', step: 'workflow', outcome: 'running' },
      },
    ]));

  it('that is news is of whoever caused it, in the trace of that', () =>
    expect(shown(step('signal', { name: 'news', told: { id: 'e5', type: 'CancellationRequested' } }))).toMatchObject([
      { name: 'news', actor: 'sam', traceId: otherTrace, detail: { event: 'CancellationRequested', eventId: 'e5' } },
    ]));

  it.each([[null], ['ada@example.org'], [{ id: 7, type: {} }]])(
    'shows nothing of what it was told otherwise: %j',
    (told) => {
      const [entry] = shown(step('signal', { name: 'news', told }));
      expect(entry).toMatchObject({ actor: '(saga)', traceId });
      expect(entry?.detail).toEqual({ workflowId: 'order-o1', runId: 'r1', step: 'signal' });
    },
  );
});
