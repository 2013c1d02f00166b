import type { AnyCommandDefinition, CommandDefinition, Service, Step } from '../shared/service.js';
import { orderAggregate } from './aggregate.js';
import { orderParsers, parsePlaceOrder, requestParsers, type OrderCommand, type OrderRequest } from './commands.js';
import { isPlaced, type Order } from './order-state.js';
import { placementOf, questionsOf } from './placing.js';
import { orderPolicies } from './policies.js';
import { deliveryOf, fulfilmentOf, isAbandoned, orderOf } from './questions.js';

const placeOrder: CommandDefinition<OrderRequest> = {
  parse: parsePlaceOrder,
  changes: ({ orderId }) => ({ aggregate: orderAggregate, id: orderId }),
  asks: questionsOf,
  steps: (request, answers) => [orderStep('PlaceOrder', placementOf(request, answers))],
  answer: (state: Order) => {
    if (!isPlaced(state)) return null;
    const { orderId, userId, lines, total } = state;
    return { id: orderId, userId, items: lines, total, status: 'PENDING' };
  },
};

const orderStep = (type: OrderCommand['type'], data: OrderCommand['data']): Step => ({
  aggregate: orderAggregate,
  id: data.orderId,
  command: { type, data },
});

const toOrder = ([type, parse]: [string, (data: unknown) => object]): [string, AnyCommandDefinition] => [
  type,
  { parse, steps: (data: OrderCommand['data']) => [orderStep(type as OrderCommand['type'], data)] },
];

const toOrderFromPerson = ([type, parse]: [string, (data: unknown) => object]): [string, AnyCommandDefinition] => [
  type,
  {
    parse,
    steps: (data: OrderCommand['data'], _answers, { actor }) => [
      orderStep(type as OrderCommand['type'], { ...data, by: actor }),
    ],
  },
];

export const orders: Service = {
  context: 'orders',
  aggregates: [orderAggregate],
  commands: {
    PlaceOrder: placeOrder,
    ...Object.fromEntries(Object.entries(orderParsers).map(toOrder)),
    ...Object.fromEntries(Object.entries(requestParsers).map(toOrderFromPerson)),
  },
  questions: { fulfilmentOf, orderOf, isAbandoned, deliveryOf },
  policies: orderPolicies,
};
