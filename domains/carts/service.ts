import { DomainError } from '../shared/errors.js';
import type { Line, Offer } from '../shared/line.js';
import type { Aggregate, CommandDefinition, Question, QuestionDefinition, Service, Step } from '../shared/service.js';
import { cart, checkoutOf, type Cart } from './cart.js';
import {
  parseCartQuestion,
  parseCheckOut,
  parseCheckoutQuestion,
  parseCompleteCheckout,
  parseRejectCheckout,
  parseRemoveCartItem,
  parseSetCartItem,
  type CartCommand,
  type CheckoutRequest,
  type CompleteCheckout,
  type RejectCheckout,
  type RemoveCartItem,
  type SetCartItem,
} from './commands.js';
import { cartEvents, type CartEvent, type CartItem } from './events.js';
import { cartPolicies } from './policies.js';
import { cartUpcasters } from './upcasters.js';

const cartAggregate: Aggregate<Cart, CartCommand, CartEvent> = {
  category: 'cart',
  decider: cart,
  events: cartEvents,
  upcasters: cartUpcasters,
  snapshot: { version: 2 },
};

const pricesOf = (items: readonly Pick<CartItem, 'productId'>[]): Question => ({
  context: 'catalog',
  question: 'pricesOf',
  data: { productIds: items.map(({ productId }) => productId) },
});

const cartStep = (command: CartCommand): Step => ({ aggregate: cartAggregate, id: command.data.userId, command });

type OfUser = Readonly<{ userId: string }>;

/** What the sender of every command hears: the cart just after it. */
const answer = ({ items }: Cart, { userId }: OfUser) => ({ userId, items });

const setCartItem: CommandDefinition<SetCartItem['data']> = {
  parse: parseSetCartItem,
  changes: ({ userId }) => ({ aggregate: cartAggregate, id: userId }),
  asks: (item) => ({ offers: pricesOf([item]) }),
  steps: (data, { offers }) => {
    offeredAs(data, offers, 0);
    return [cartStep({ type: 'SetCartItem', data })];
  },
  answer,
};

const removeCartItem: CommandDefinition<RemoveCartItem['data']> = {
  parse: parseRemoveCartItem,
  steps: (data) => [cartStep({ type: 'RemoveCartItem', data })],
  answer,
};

const checkOut: CommandDefinition<CheckoutRequest> = {
  parse: parseCheckOut,
  changes: ({ userId }) => ({ aggregate: cartAggregate, id: userId }),
  asks: ({ items }) => ({ offers: pricesOf(items) }),
  steps: ({ items, shippingAddress, ...request }, { offers }) => {
    const lines = items.map((item, index): Line => {
      const { sku, name, price } = offeredAs(item, offers, index);
      return { ...item, sku, name, unitPrice: price };
    });
    return [cartStep({ type: 'CheckOut', data: { ...request, lines, address: shippingAddress } })];
  },
  answer,
};

/** Also of orders that were stored before it was told whether they came from a cart: the cart knows. */
const completeCheckout: CommandDefinition<CompleteCheckout['data']> = {
  parse: parseCompleteCheckout,
  steps: (data) => [cartStep({ type: 'CompleteCheckout', data })],
  answer,
};

const offeredAs = ({ productId }: Pick<CartItem, 'productId'>, offers: unknown, index: number): Offer => {
  const offer = (offers as readonly (Offer | null)[])[index];
  if (!offer) throw new DomainError('cart.unknown_product', `Product ${productId} is not sold`);
  return offer;
};

/** Asks for the order: lines go back once its stream has said that it will not be placed. */
const rejectCheckout: CommandDefinition<Omit<RejectCheckout['data'], 'isAbandoned'>> = {
  parse: parseRejectCheckout,
  asks: ({ orderId }) => ({ isAbandoned: { context: 'orders', question: 'isAbandoned', data: { orderId } } }),
  steps: (data, { isAbandoned }) => [
    cartStep({ type: 'RejectCheckout', data: { ...data, isAbandoned: isAbandoned === true } }),
  ],
  answer,
};

const reads = ({ userId }: OfUser) => [{ aggregate: cartAggregate, id: userId }];

/** What is in a customer's cart. */
const cartOf: QuestionDefinition<OfUser> = {
  parse: parseCartQuestion,
  reads,
  answer: ([found]: readonly Cart[]) => ({ items: (found ?? cart.initial).items }),
};

/** A checkout whose lines have not gone back to the cart; `null` where there is none that is remembered. */
const pendingCheckout: QuestionDefinition<Readonly<{ userId: string; orderId: string }>> = {
  parse: parseCheckoutQuestion,
  reads,
  answer: ([found]: readonly Cart[], { orderId }) => {
    const checkout = found && checkoutOf(found, orderId);
    if (!checkout || checkout.outcome === 'rejected') return null;
    const { lines, paymentMethod } = checkout;
    return { orderId, lines, paymentMethod };
  },
};

export const carts: Service = {
  context: 'carts',
  aggregates: [cartAggregate],
  commands: {
    SetCartItem: setCartItem,
    RemoveCartItem: removeCartItem,
    CheckOut: checkOut,
    CompleteCheckout: completeCheckout,
    RejectCheckout: rejectCheckout,
  },
  questions: { cartOf, pendingCheckout },
  policies: cartPolicies,
};
