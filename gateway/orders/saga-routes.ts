import { DomainError } from '../../domains/shared/errors.js';
import type { ServiceBus } from '../../infra/service-bus/service-bus.js';
import type { WorkflowReader } from '../../infra/temporal/workflow-reader.js';
import { route, type Route } from '../http/route.js';
import { ok } from '../http/success.js';
import { SagaAnswer } from './answers.js';
import { orderFor } from './own-order.js';
import { sagaView } from './saga-view.js';

export type SagaParts = Readonly<{
  bus: Pick<ServiceBus, 'ask'>;
  workflows: Pick<WorkflowReader, 'read'>;
  /** Address of Temporal's UI. */
  temporalUiUrl: string;
}>;

/** The saga of an order, as Temporal and the saga itself tell it. */
export const sagaRoutes = ({ bus, workflows, temporalUiUrl }: SagaParts): readonly Route[] => [
  route(
    'GET',
    '/orders/:id/saga',
    {
      id: 'getSaga',
      summary: 'The saga of an order',
      access: { roles: ['staff'] },
      answers: ok(SagaAnswer),
      refuses: ['order.not_found', 'saga.not_found'],
    },
    async ({ params: { id }, caller }) => {
      await orderFor(bus, caller, id);
      const saga = await workflows.read(`order-${id}`, 'progress');
      if (!saga) throw new DomainError('saga.not_found', noSaga(id));
      return { status: 200, body: sagaView(saga, temporalUiUrl) };
    },
  ),
];

const noSaga = (orderId: string) =>
  `The saga of order ${orderId} has not begun yet, or ended so long ago that Temporal has forgotten it; ` +
  'try again in a moment, or see the timeline of the order';
