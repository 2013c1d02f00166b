import { DomainError } from '../shared/errors.js';
import type { Line, Offer } from '../shared/line.js';
import type { Question } from '../shared/service.js';
import type { OrderRequest, PlaceOrder } from './commands.js';

/** What must be known of other contexts before an order is placed. */
export const questionsOf = ({
  orderId,
  userId,
  items,
  fromCart,
}: OrderRequest): Readonly<Record<string, Question>> => ({
  buyerIsActive: { context: 'users', question: 'isActive', data: { userId } },
  offers: { context: 'catalog', question: 'pricesOf', data: { productIds: items.map(({ productId }) => productId) } },
  ...(fromCart === true && {
    checkout: { context: 'carts', question: 'pendingCheckout', data: { userId, orderId } },
  }),
});

/**
 * The order that a request comes to: the buyer and the prices of the time enter through the command.
 *
 * @throws DomainError `order.unknown_user`, `order.unknown_product`, or `cart.no_checkout` where the lines have gone
 * back to the cart.
 */
export const placementOf = (
  { orderId, userId, items, paymentMethod, shippingAddress, quoted, fromCart }: OrderRequest,
  { buyerIsActive, offers, checkout }: Readonly<Record<string, unknown>>,
): PlaceOrder['data'] => {
  if (!buyerIsActive) throw new DomainError('order.unknown_user', `There is no user ${userId}`);
  if (fromCart === true && !checkout) throw new DomainError('cart.no_checkout', `Checkout ${orderId} does not stand`);
  const lines = priced(items, offers as readonly (Offer | null)[], quoted ?? []);
  return { orderId, userId, lines, address: shippingAddress, paymentMethod, fromCart: fromCart === true };
};

/** One line per product, however often it is named. A quoted price holds while the product is sold. */
const priced = (
  items: OrderRequest['items'],
  offers: readonly (Offer | null)[],
  quoted: NonNullable<OrderRequest['quoted']>,
): readonly Line[] => {
  const quotes = new Map(quoted.map(({ productId, unitPrice }) => [productId, unitPrice]));
  const lines = new Map<string, Line>();
  items.forEach(({ productId, quantity }, index) => {
    const offer = offers[index];
    if (!offer) throw new DomainError('order.unknown_product', `Product ${productId} is not sold`);
    const { sku, name, price } = offer;
    const unitPrice = quotes.get(productId) ?? price;
    const before = lines.get(productId)?.quantity ?? 0;
    lines.set(productId, { productId, sku, name, quantity: before + quantity, unitPrice });
  });
  return [...lines.values()];
};
