import type { Route } from '../http/route.js';
import type { Schema } from '../http/validation.js';

/** What is made and has an id: the operations whose answers tell it, and those that take it in their paths. */
export const things: Readonly<Record<string, Readonly<{ toldBy: readonly string[]; takenBy: readonly string[] }>>> = {
  user: {
    toldBy: ['registerUser'],
    takenBy: ['getUser', 'changeProfile', 'eraseUser', 'changeRoles', 'listOrdersOfUser'],
  },
  product: {
    toldBy: ['addProduct', 'changeProduct'],
    takenBy: [
      ...['getProduct', 'changeProduct', 'discontinueProduct', 'getStock', 'receiveStock', 'adjustStock'],
      ...['setCartItem', 'removeCartItem'],
    ],
  },
  order: {
    toldBy: ['placeOrder', 'checkOut'],
    takenBy: [
      ...['getOrder', 'cancelOrder', 'returnOrder', 'changeOrderStatus', 'followOrder', 'getOrderScreen'],
      ...['getTimeline', 'getSaga', 'retrySaga', 'skipSaga', 'abortSaga'],
      ...['getPayment', 'refundPayment', 'getShipment', 'addTracking'],
    ],
  },
  replay: { toldBy: ['beginReplay', 'getReplay'], takenBy: ['getReplay', 'listReplayRows', 'dropReplay'] },
  verification: { toldBy: ['requestVerification'], takenBy: ['getVerification'] },
};

/** Where the answer of a route leads to: the Link Objects of its id, by the operations that take it. */
export const linksOf = ({ id }: Route, routes: readonly Route[]): Readonly<Record<string, Schema>> =>
  Object.fromEntries(
    Object.values(things)
      .filter(({ toldBy }) => toldBy.includes(id))
      .flatMap(({ takenBy }) => routes.filter((route) => takenBy.includes(route.id)))
      .map((taker) => [
        taker.id,
        { operationId: taker.id, parameters: { [idParameter(taker)]: '$response.body#/id' } },
      ]),
  );

/** @throws Error where the path of the route takes no id. */
const idParameter = ({ id, pattern }: Route): string => {
  const [, name] = /:(\w+)/.exec(pattern) ?? [];
  if (name === undefined) throw new Error(`The path of ${id} takes no id`);
  return name;
};
