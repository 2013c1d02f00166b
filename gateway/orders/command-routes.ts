import type { Lookups } from '../../infra/security/lookups.js';
import type { Receipt, ServiceBus } from '../../infra/service-bus/service-bus.js';
import { commandAnswer, commandContext } from '../http/command-context.js';
import { route, type Answer, type GatewayRequest, type Route } from '../http/route.js';
import { CancellationDto, OrderStatusDto, ReturnDto } from './dto.js';
import { orderFor } from './own-order.js';
import { changeStatus } from './status-change.js';

export type OrderCommandParts = Readonly<{ bus: ServiceBus; lookups: Lookups }>;

const staff = { roles: ['staff'] } as const;

/** What is asked of an order after it was placed; the saga carries it out. */
export const orderCommandRoutes = ({ bus, lookups }: OrderCommandParts): readonly Route[] => {
  const forSaga = (path: string, type: string): Route =>
    route('POST', `/orders/:id/saga/${path}`, { access: staff }, async (request) => {
      const { message } = await commandContext(request, lookups);
      return accepted(await bus.send('orders', message(type, { orderId: request.params.id })));
    });

  const forOwner = async (request: GatewayRequest<'/orders/:id/'>, type: string, data: object): Promise<Answer> => {
    const orderId = request.params.id;
    await orderFor(bus, request.caller, orderId);
    const { message } = await commandContext(request, lookups);
    return accepted(await bus.send('orders', message(type, { orderId, ...data })));
  };

  return [
    route('POST', '/orders/:id/cancel', { access: 'signed_in', body: CancellationDto }, (request) =>
      forOwner(request, 'RequestCancellation', { reason: request.body.reason ?? null }),
    ),

    route('POST', '/orders/:id/returns', { access: 'signed_in', body: ReturnDto }, (request) =>
      forOwner(request, 'RequestReturn', request.body),
    ),

    route('PUT', '/orders/:id/status', { access: staff, body: OrderStatusDto }, async (request) => {
      const orderId = request.params.id;
      const order = await orderFor(bus, request.caller, orderId);
      const { message } = await commandContext(request, lookups);
      return accepted(await changeStatus(bus, { orderId, ...order }, request.body.status, message));
    }),

    forSaga('retry', 'RequestSagaRetry'),
    forSaga('skip', 'RequestSagaSkip'),
    forSaga('abort', 'RequestSagaAbort'),
  ];
};

const accepted = (receipt: Pick<Receipt, 'touched'>): Answer => commandAnswer(receipt, { status: 202 });
