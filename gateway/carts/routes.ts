import type { RemoveCartItem, SetCartItem } from '../../domains/carts/commands.js';
import type { Lookups } from '../../infra/security/lookups.js';
import type { ServiceBus } from '../../infra/service-bus/service-bus.js';
import type { CartQueries } from '../../projections/carts/queries.js';
import type { CatalogQueries } from '../../projections/catalog/queries.js';
import { commandAnswer, commandContext } from '../http/command-context.js';
import { freshnessOf } from '../http/freshness.js';
import { basePath, command, query, type Route } from '../http/route.js';
import { createdAt, found, ok } from '../http/success.js';
import { PlacedOrderAnswer } from '../orders/answers.js';
import { placementRefusals } from '../orders/refusals.js';
import { CartAnswer, PricedCartAnswer } from './answers.js';
import { checkOut } from './checkout.js';
import { QuantityDto, CheckoutDto } from './dto.js';
import { ownCart } from './own-cart.js';

export type CartParts = Readonly<{
  bus: ServiceBus;
  lookups: Lookups;
  carts: CartQueries;
  catalog: Pick<CatalogQueries, 'byIds'>;
}>;

const access = { roles: ['customer'] } as const;

/** The caller's own cart. */
export const cartRoutes = ({ bus, lookups, carts, catalog }: CartParts): readonly Route[] => [
  query(
    'GET',
    '/cart',
    {
      id: 'getCart',
      summary: 'The cart of the caller, at the prices of now',
      access,
      answers: found(PricedCartAnswer),
    },
    async ({ caller, headers }) => ({
      status: 200,
      body: await ownCart({ carts, catalog }, caller.userId, freshnessOf(headers)),
    }),
  ),

  command(
    'PUT',
    '/cart/items/:productId',
    {
      id: 'setCartItem',
      summary: 'Says how many pieces of a product are in the cart',
      access,
      body: QuantityDto,
      answers: ok(CartAnswer),
      refuses: ['cart.unknown_product', 'cart.too_many_lines', 'order.unknown_user'],
    },
    async (request) => {
      const { message } = await commandContext(request, lookups);
      const { userId } = request.caller;
      const { quantity } = request.body;
      const item: SetCartItem['data'] = { userId, productId: request.params.productId, quantity };
      const receipt = await bus.send('carts', message('SetCartItem', item));
      return commandAnswer(receipt, { status: 200, body: receipt.answer as CartAnswer });
    },
  ),

  command(
    'DELETE',
    '/cart/items/:productId',
    {
      id: 'removeCartItem',
      summary: 'Takes a product out of the cart',
      access,
      answers: ok(CartAnswer),
    },
    async (request) => {
      const { message } = await commandContext(request, lookups);
      const { userId } = request.caller;
      const item: RemoveCartItem['data'] = { userId, productId: request.params.productId };
      const receipt = await bus.send('carts', message('RemoveCartItem', item));
      return commandAnswer(receipt, { status: 200, body: receipt.answer as CartAnswer });
    },
  ),

  command(
    'POST',
    '/cart/checkout',
    {
      id: 'checkOut',
      summary: 'Makes an order of the cart',
      access,
      body: CheckoutDto,
      answers: createdAt(PlacedOrderAnswer),
      refuses: [
        'cart.empty',
        'cart.no_checkout',
        'cart.too_many_checkouts',
        'cart.unknown_product',
        ...placementRefusals,
      ],
    },
    async (request) => {
      const { newId: orderId, message } = await commandContext(request, lookups);
      const { paymentMethod, shippingAddress } = request.body;
      const { userId } = request.caller;
      const receipt = await checkOut(bus, { userId, orderId, paymentMethod, shippingAddress }, message);
      const headers = { Location: `${basePath}/orders/${orderId}` };
      return commandAnswer(receipt, { status: 201, headers, body: receipt.answer as PlacedOrderAnswer });
    },
  ),
];
