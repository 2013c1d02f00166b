import type { WorkflowRead } from '../../infra/temporal/read-workflow.js';
import { sagaView } from './saga-view.js';

const progress = { status: 'compensating', step: 'void', attempts: 3, pendingCompensations: ['release'], history: [] };
const read: WorkflowRead = {
  workflowId: 'order-o1',
  runId: 'r1',
  type: 'orderFulfilment',
  execution: 'RUNNING',
  searchAttributes: { SagaStatus: 'running', SagaStep: 'capture' },
  answer: progress,
};
const uiUrl = 'http://ui.example/';
const url = 'http://ui.example/namespaces/default/workflows/order-o1/r1/history';
const { workflowId, runId, type } = read;
const { status, step, attempts, pendingCompensations } = progress;

describe('a saga is shown', () => {
  it('as it answers itself', () =>
    expect(sagaView(read, uiUrl)).toEqual({
      workflowId,
      runId,
      type,
      status,
      step,
      attempts,
      pendingCompensations,
      url,
    }));

  it('as it last told Temporal while its worker does not answer', () =>
    expect(sagaView({ ...read, answer: undefined }, uiUrl)).toMatchObject({
      ...{ status: 'running', step: 'capture', attempts: null, pendingCompensations: null },
    }));

  it('without what nobody knows', () =>
    expect(sagaView({ ...read, searchAttributes: {}, answer: { step: 'capture' } }, uiUrl)).toMatchObject({
      ...{ status: null, step: 'capture', attempts: null },
    }));

  it.each([
    ['TERMINATED', 'terminated'],
    ['FAILED', 'failed'],
    ['TIMED_OUT', 'timed_out'],
    ['COMPLETED', status],
    ['CANCELLED', status],
  ])('by how it ended: %s as %s', (execution, expected) =>
    expect(sagaView({ ...read, execution }, uiUrl).status).toBe(expected),
  );
});
