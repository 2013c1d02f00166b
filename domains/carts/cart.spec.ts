import { mostLines } from '../shared/line.js';
import { givenFor } from '../shared/testing/given.js';
import { cart } from './cart.js';
import type { CartCommand } from './commands.js';
import { mostCheckouts, type CartEvent } from './events.js';
import { address, linesOf, userId } from './testing/example-cart.js';

const given = givenFor(cart);
const set = (productId: string, quantity: number): CartCommand => ({
  type: 'SetCartItem',
  data: { userId, productId, quantity },
});
const remove = (productId: string): CartCommand => ({ type: 'RemoveCartItem', data: { userId, productId } });
const checkOut = (lines: Readonly<Record<string, number>>, orderId = 'o1'): CartCommand => ({
  type: 'CheckOut',
  data: { userId, orderId, lines: linesOf(lines), address, paymentMethod: 'pm_ok' },
});
const reject = (orderId = 'o1', isAbandoned = true): CartCommand => ({
  type: 'RejectCheckout',
  data: { userId, orderId, code: 'order.unknown_product', isAbandoned },
});
const wasSet = (productId: string, quantity: number): CartEvent => ({
  type: 'CartItemSet',
  data: { userId, productId, quantity },
});
const removed = (productId: string): CartEvent => ({ type: 'CartItemRemoved', data: { userId, productId } });
const checkedOut = (lines: Readonly<Record<string, number>>, orderId = 'o1'): CartEvent => ({
  type: 'CartCheckedOut',
  data: { userId, orderId, lines: linesOf(lines), address, paymentMethod: 'pm_ok' },
});
const rejected = (orderId = 'o1'): CartEvent => ({
  type: 'CheckoutRejected',
  data: { userId, orderId, code: 'order.unknown_product' },
});
const complete = (orderId = 'o1'): CartCommand => ({ type: 'CompleteCheckout', data: { userId, orderId } });
const completed = (orderId = 'o1'): CartEvent => ({ type: 'CheckoutCompleted', data: { userId, orderId } });
const full = Array.from({ length: mostLines }, (_, index) => wasSet(`p${index}`, 1));
const itemsAfter = (...events: CartEvent[]) =>
  Object.fromEntries(
    events.reduce(cart.evolve, cart.initial).items.map(({ productId, quantity }) => [productId, quantity]),
  );

describe('a line of a cart', () => {
  it('is put in', () => given().when(set('p1', 2)).thenEmits(wasSet('p1', 2)));
  it('gets another quantity', () => given(wasSet('p1', 2)).when(set('p1', 3)).thenEmits(wasSet('p1', 3)));
  it('ignores the quantity that it has', () => given(wasSet('p1', 2)).when(set('p1', 2)).thenEmits());
  it('is refused where there are too many', () =>
    given(...full)
      .when(set('more', 1))
      .thenRejects('cart.too_many_lines'));
  it('gets another quantity however many there are', () =>
    given(...full)
      .when(set('p1', 2))
      .thenEmits(wasSet('p1', 2)));
  it('is removed', () => given(wasSet('p1', 2)).when(remove('p1')).thenEmits(removed('p1')));
  it('is removed once', () => given(wasSet('p1', 2), removed('p1')).when(remove('p1')).thenEmits());
  it('is put in again once removed', () =>
    given(wasSet('p1', 2), removed('p1')).when(set('p1', 2)).thenEmits(wasSet('p1', 2)));
});

describe('a checkout', () => {
  const filled = [wasSet('p1', 2), wasSet('p2', 1)];

  it('takes what is in the cart', () =>
    given(...filled)
      .when(checkOut({ p1: 2, p2: 1 }))
      .thenEmits(checkedOut({ p1: 2, p2: 1 })));
  it('does not mind the order of lines', () =>
    given(...filled)
      .when(checkOut({ p2: 1, p1: 2 }))
      .thenEmits(checkedOut({ p2: 1, p1: 2 })));
  it('empties the cart', () => expect(itemsAfter(...filled, checkedOut({ p1: 2, p2: 1 }))).toEqual({}));
  it('needs something in the cart', () => given().when(checkOut({})).thenRejects('cart.empty'));
  it('leaves nothing for another', () =>
    given(...filled, checkedOut({ p1: 2, p2: 1 }))
      .when(checkOut({ p1: 2, p2: 1 }, 'o2'))
      .thenRejects('cart.empty'));
  it('ignores a repeat', () =>
    given(...filled, checkedOut({ p1: 2, p2: 1 }), wasSet('p3', 1))
      .when(checkOut({ p1: 2, p2: 1 }))
      .thenEmits());
  it.each<[string, Readonly<Record<string, number>>]>([
    ['another quantity', { p1: 2, p2: 2 }],
    ['a line less', { p1: 2 }],
    ['a line more', { p1: 2, p2: 1, p3: 1 }],
    ['another product', { p1: 2, p3: 1 }],
    ['nothing', {}],
  ])('is refused where the customer saw %s', (_case, seen) =>
    given(...filled)
      .when(checkOut(seen))
      .thenRejects('command.conflict'),
  );
  it('is refused where the customer saw a line twice', () => {
    const twice: CartCommand = {
      type: 'CheckOut',
      data: {
        userId,
        orderId: 'o1',
        lines: [...linesOf({ p1: 2 }), ...linesOf({ p1: 2 })],
        address,
        paymentMethod: 'pm_ok',
      },
    };
    given(...filled)
      .when(twice)
      .thenRejects('command.conflict');
  });
});

describe('so many checkouts that none more is remembered', () => {
  const many = Array.from({ length: mostCheckouts }, (_, index) => [
    wasSet('p1', 1),
    checkedOut({ p1: 1 }, `earlier${index}`),
  ]).flat();
  const another = checkOut({ p1: 1 });
  const refilled = [...many, wasSet('p1', 1)];

  it('let no other follow while it is not known what becomes of them', () =>
    given(...refilled)
      .when(another)
      .thenRejects('cart.too_many_checkouts'));
  it('still take a repeat for what it is', () =>
    given(...refilled)
      .when(checkOut({ p1: 1 }, 'earlier3'))
      .thenEmits());
  it.each([
    ['has become an order', completed('earlier3')],
    ['has gone back', rejected('earlier3')],
  ])('let one follow once one of them %s', (_case, settled) =>
    given(...many, settled, wasSet('p1', 1))
      .when(another)
      .thenEmits(checkedOut({ p1: 1 })),
  );
  it('are not forgotten for another, but one that is settled is', () => {
    const after = given(...many, completed('earlier3'), wasSet('p1', 1), checkedOut({ p1: 1 }));
    after.when(reject('earlier0')).thenEmits(rejected('earlier0'));
    after.when(reject('earlier3')).thenRejects('cart.no_checkout');
  });
});

describe('a checkout that has become an order', () => {
  const history = [wasSet('p1', 2), checkedOut({ p1: 2 })];

  it('is noted', () =>
    given(...history)
      .when(complete())
      .thenEmits(completed()));
  it.each([completed(), rejected()])('is noted once, and not after another end: $type', (end) =>
    given(...history, end)
      .when(complete())
      .thenEmits(),
  );
  it('leaves the cart as it is', () => expect(itemsAfter(...history, wasSet('p2', 1), completed())).toEqual({ p2: 1 }));
  it('is not rejected afterwards', () =>
    given(...history, completed())
      .when(reject())
      .thenEmits());
  it('is of no interest where it was not made here', () =>
    given(...history)
      .when(complete('o2'))
      .thenEmits());
});

describe('a checkout that is rejected', () => {
  const history = [wasSet('p1', 2), wasSet('p2', 1), checkedOut({ p1: 2, p2: 1 })];

  it('is noted', () =>
    given(...history)
      .when(reject())
      .thenEmits(rejected()));
  it.each([false, true])('is noted once (its order is given up: %s)', (isAbandoned) =>
    given(...history, rejected())
      .when(reject('o1', isAbandoned))
      .thenEmits(),
  );
  it('puts its lines back', () => expect(itemsAfter(...history, rejected())).toEqual({ p1: 2, p2: 1 }));
  it('leaves alone what was put in since', () =>
    expect(itemsAfter(...history, wasSet('p2', 5), wasSet('p3', 1), rejected())).toEqual({ p1: 2, p2: 5, p3: 1 }));
  it('puts back no more than there is room for', () => {
    const others = Array.from({ length: mostLines - 1 }, (_, index) => wasSet(`other${index}`, 1));
    const items = itemsAfter(...history, ...others, rejected());
    expect(Object.keys(items)).toHaveLength(mostLines);
    expect(items).toMatchObject({ p1: 2, other0: 1 });
  });
  it('may be an earlier one', () =>
    given(...history, wasSet('p3', 1), checkedOut({ p3: 1 }, 'o2'))
      .when(reject())
      .thenEmits(rejected()));
  it('must have been made', () =>
    given(...history)
      .when(reject('o2'))
      .thenRejects('cart.no_checkout'));
  it('stays as it is where it has led to an order, or still may', () =>
    given(...history)
      .when(reject('o1', false))
      .thenEmits());
  it('is forgotten after many others', () => {
    const others = Array.from({ length: mostCheckouts }, (_, index) => [
      wasSet('p1', 1),
      checkedOut({ p1: 1 }, `later${index}`),
    ]).flat();
    given(...history, ...others)
      .when(reject())
      .thenRejects('cart.no_checkout');
    given(...history, ...others.slice(2))
      .when(reject())
      .thenEmits(rejected());
  });
});
