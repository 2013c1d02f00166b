import type { Lookups } from '../../infra/security/lookups.js';
import type { Receipt, ServiceBus } from '../../infra/service-bus/service-bus.js';
import { commandAnswer, commandContext } from '../http/command-context.js';
import { command, type Answer, type GatewayRequest, type Route } from '../http/route.js';
import { accepted } from '../http/success.js';
import { CancellationDto, OrderStatusDto, ReturnDto } from './dto.js';
import { orderFor } from './own-order.js';
import { changeStatus } from './status-change.js';

export type OrderCommandParts = Readonly<{ bus: ServiceBus; lookups: Lookups }>;

const staff = { roles: ['staff'] } as const;

/** What is asked of an order after it was placed; the saga carries it out. */
export const orderCommandRoutes = ({ bus, lookups }: OrderCommandParts): readonly Route[] => {
  const forSaga = (path: 'retry' | 'skip' | 'abort', type: string, summary: string): Route =>
    command(
      'POST',
      `/orders/:id/saga/${path}`,
      {
        id: `${path}Saga`,
        summary,
        access: staff,
        answers: accepted,
        refuses: ['order.not_found', 'order.illegal_transition'],
      },
      async (request) => {
        const { message } = await commandContext(request, lookups);
        return stored(await bus.send('orders', message(type, { orderId: request.params.id })));
      },
    );

  const forOwner = async (
    request: GatewayRequest<'/orders/:id/'>,
    type: string,
    data: object,
  ): Promise<Answer<never>> => {
    const orderId = request.params.id;
    await orderFor(bus, request.caller, orderId);
    const { message } = await commandContext(request, lookups);
    return stored(await bus.send('orders', message(type, { orderId, ...data })));
  };

  return [
    command(
      'POST',
      '/orders/:id/cancel',
      {
        id: 'cancelOrder',
        summary: 'Asks for an order to be cancelled',
        access: 'signed_in',
        body: CancellationDto,
        answers: accepted,
        refuses: ['order.not_found', 'order.not_cancellable'],
      },
      (request) => forOwner(request, 'RequestCancellation', { reason: request.body.reason ?? null }),
    ),

    command(
      'POST',
      '/orders/:id/returns',
      {
        id: 'returnOrder',
        summary: 'Asks for an order that has arrived to be taken back',
        access: 'signed_in',
        body: ReturnDto,
        answers: accepted,
        refuses: ['order.not_found', 'order.not_returnable', 'order.illegal_transition'],
      },
      (request) => forOwner(request, 'RequestReturn', request.body),
    ),

    command(
      'PUT',
      '/orders/:id/status',
      {
        id: 'changeOrderStatus',
        summary: 'Sends, delivers or cancels an order',
        access: staff,
        body: OrderStatusDto,
        answers: accepted,
        refuses: [
          'order.not_found',
          'order.illegal_transition',
          'order.not_cancellable',
          'shipment.not_found',
          'shipment.illegal_transition',
        ],
      },
      async (request) => {
        const orderId = request.params.id;
        const order = await orderFor(bus, request.caller, orderId);
        const { message } = await commandContext(request, lookups);
        return stored(await changeStatus(bus, { orderId, ...order }, request.body.status, message));
      },
    ),

    forSaga('retry', 'RequestSagaRetry', 'Tries the step of the saga again now'),
    forSaga('skip', 'RequestSagaSkip', 'Gives the step up and goes to compensation'),
    forSaga('abort', 'RequestSagaAbort', 'Gives the order up and compensates'),
  ];
};

const stored = (receipt: Pick<Receipt, 'touched'>): Answer<never> => commandAnswer(receipt, { status: 202 });
