import {
  placementOf,
  placeOrderPolicy,
  rejectCheckoutPolicy,
  type Checkout,
  type CheckoutRequest,
} from '../../domains/carts/commands.js';
import { DomainError, isDomainError } from '../../domains/shared/errors.js';
import { policyCommandId } from '../../infra/policies/policy-command-id.js';
import type { CommandMessage, Receipt, ServiceBus } from '../../infra/service-bus/service-bus.js';
import { isTransient } from '../../infra/service-bus/transient.js';
import type { CommandContext } from '../http/command-context.js';
import { sharedCommand, together } from '../http/further-commands.js';

type Request = Omit<CheckoutRequest, 'items'>;
type Standing = Pick<Checkout, 'lines' | 'paymentMethod'>;

/**
 * Checks a cart out and places the order, under the id under which the policy of carts does it where this comes to no
 * end. A repeat places nothing more and gives the order that was placed.
 *
 * @throws DomainError what the cart or the order refuses; the lines of an order that was refused are back in the cart.
 */
export const checkOut = async (
  bus: ServiceBus,
  request: Request,
  message: CommandContext['message'],
): Promise<Receipt> => {
  const { userId, orderId, paymentMethod, shippingAddress } = request;
  const command = message('CheckOut', { ...request, items: await itemsToCheckOut(bus, request) });
  const checkedOut = await bus.send('carts', command);

  const commandId = policyCommandId(placeOrderPolicy, orderId);
  if (await isPlaced(bus, orderId)) {
    // The order has its lines: what is asked about them now could only be refused.
    const repeat = { orderId, userId, items: [], paymentMethod, shippingAddress };
    return together(
      checkedOut,
      await bus.send('orders', sharedCommand(command, { commandId, type: 'PlaceOrder', data: repeat })),
    );
  }
  const standing = await checkoutOf(bus, request);
  if (!standing) throw wentBack();
  const data = placementOf({ ...standing, userId, orderId, address: shippingAddress });
  try {
    return together(
      checkedOut,
      await bus.send('orders', sharedCommand(command, { commandId, type: 'PlaceOrder', data })),
    );
  } catch (error) {
    if (isDomainError(error) && !isTransient(error)) await putBack(bus, request, error, command);
    throw error;
  }
};

/** What was checked out already is not in the cart, and what has come into it since is not part of it. */
const itemsToCheckOut = async (bus: ServiceBus, request: Request): Promise<CheckoutRequest['items']> => {
  const { userId, orderId } = request;
  const [standing, placed, cart] = await Promise.all([
    checkoutOf(bus, request),
    isPlaced(bus, orderId),
    bus.ask('carts', 'cartOf', { userId }) as Promise<Pick<CheckoutRequest, 'items'>>,
  ]);
  return standing || placed ? [] : cart.items;
};

const checkoutOf = async (bus: ServiceBus, { userId, orderId }: Request) =>
  (await bus.ask('carts', 'pendingCheckout', { userId, orderId })) as Standing | null;

const isPlaced = async (bus: ServiceBus, orderId: string): Promise<boolean> =>
  (await bus.ask('orders', 'orderOf', { orderId })) !== null;

/** First the order's stream says that it will not be placed: whoever else is about to place it cannot, however slow. */
const putBack = async (
  bus: ServiceBus,
  { userId, orderId }: Request,
  { code }: DomainError,
  command: CommandMessage,
): Promise<void> => {
  const shared = (policy: string, type: string) =>
    sharedCommand(command, {
      commandId: policyCommandId(policy, orderId),
      type,
      data: { userId, orderId, code },
    });
  await bus.send('orders', shared(`${placeOrderPolicy}/otherwise`, 'AbandonPlacement'));
  await bus.send('carts', shared(rejectCheckoutPolicy, 'RejectCheckout'));
};

const wentBack = () =>
  new DomainError('cart.no_checkout', 'This checkout was refused and is back in the cart; check out with a new key');
