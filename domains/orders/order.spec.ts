import { givenFor } from '../shared/testing/given.js';
import type { OrderCommand } from './commands.js';
import type { OrderEvent } from './events.js';
import { order } from './order.js';
import { address, commands, eur, events, line, lines, owned } from './testing/example-order.js';

const given = givenFor(order);
const { placed, offered, cancelling, paid, rejected, cancelled, shipped, delivered, returning, returned } = events;
const { abortRequested, retryRequested: retry } = events;
const { abandoned } = events;
const { place, abandon, offer, pay, reject, ship, deliver } = commands;

describe('an order', () => {
  it('is placed with the total of its lines', () => given().when(place()).thenEmits(placed));
  it('needs a line', () => given().when(place([])).thenRejects('order.empty'));
  it('needs one currency', () =>
    given()
      .when(place([line('p1', 1), line('p2', 1, { amount: 1, currency: 'USD' })]))
      .thenRejects('money.currency_mismatch'));
  it('needs a total that is exact', () =>
    given()
      .when(place([line('p1', 2, eur(Number.MAX_SAFE_INTEGER))]))
      .thenRejects('money.too_large'));
  it('is not placed twice', () => given(placed).when(place()).thenRejects('order.illegal_transition'));
  it.each(
    Object.entries(commands)
      .map(([, command]) => command())
      .filter(({ type }) => type !== 'PlaceOrder' && type !== 'AbandonPlacement'),
  )('must be placed first: $type', (command) => {
    given().when(command).thenRejects('order.not_found');
    given(abandoned).when(command).thenRejects('order.not_found');
  });
  it('knows where it goes, where that may be read', () =>
    expect(order.evolve(order.initial, placed)).toMatchObject({ address, lines }));
});

describe('an order that was refused', () => {
  it('is given up', () => given().when(abandon()).thenEmits(abandoned));
  it('is given up once', () => given(abandoned).when(abandon()).thenEmits());
  it('is not placed once given up', () => given(abandoned).when(place()).thenRejects('order.placement_abandoned'));
  it('stays where it was placed all the same', () => {
    given(placed).when(abandon()).thenEmits();
    given(placed, cancelling, cancelled).when(abandon()).thenEmits();
  });
});

describe('another payment method', () => {
  it('is offered', () => given(placed).when(offer()).thenEmits(offered));
  it('is offered ten times at most', () => {
    const ten = Array.from({ length: 10 }, () => offered);
    given(placed, ...ten.slice(1))
      .when(offer())
      .thenEmits(offered);
    given(placed, ...ten)
      .when(offer())
      .thenRejects('order.too_many_payment_methods');
  });
  it('is offered again, since it may be declined once and not the next time', () =>
    given(placed, offered).when(offer()).thenEmits(offered));
  it.each<[string, OrderEvent[]]>([
    ['paid', [placed, paid]],
    ['rejected', [placed, rejected]],
    ['being cancelled', [placed, cancelling]],
    ['cancelled', [placed, cancelling, cancelled]],
  ])('is of no use to an order that is %s', (_status, history) =>
    given(...history)
      .when(offer())
      .thenRejects('order.illegal_transition'),
  );
});

describe('a payment', () => {
  it('is noted', () => given(placed).when(pay()).thenEmits(paid));
  it.each<[string, OrderEvent[]]>([
    ['is paid', [placed, paid]],
    ['is being cancelled', [placed, paid, cancelling]],
    ['is shipped', [placed, paid, shipped]],
    ['is returned', [placed, paid, shipped, delivered, returning, returned]],
  ])('is not noted twice where the order %s', (_status, history) =>
    given(...history)
      .when(pay())
      .thenEmits(),
  );
  it.each<[string, OrderEvent[], OrderCommand]>([
    ['is paid by another', [placed, paid], pay('pay2')],
    ['is rejected', [placed, rejected], pay()],
    ['is being cancelled', [placed, cancelling], pay()],
    ['was paid and is cancelled', [placed, paid, cancelling, cancelled], pay()],
  ])('is refused where the order %s', (_status, history, command) =>
    given(...history)
      .when(command)
      .thenRejects('order.illegal_transition'),
  );
});

describe('a rejection', () => {
  it('ends the order', () => given(placed).when(reject()).thenEmits(rejected));
  it('ignores a repeat', () => given(placed, rejected).when(reject()).thenEmits());
  it.each<[string, OrderEvent[]]>([
    ['for another reason', [placed, { type: 'OrderRejected', data: { ...owned, reason: 'capture_refused' } }]],
    ['of a paid order', [placed, paid]],
    ['of an order that is being cancelled', [placed, cancelling]],
    ['of a cancelled order', [placed, cancelling, cancelled]],
  ])('%s is refused', (_case, history) =>
    given(...history)
      .when(reject())
      .thenRejects('order.illegal_transition'),
  );
  it('after a decline waits for a method that was offered', () =>
    given(placed, offered).when(reject('payment_declined')).thenRejects('order.illegal_transition'));
  it('after a decline waits for every method that was offered', () =>
    given(placed, offered, offered).when(reject('payment_declined', 1)).thenRejects('order.illegal_transition'));
  it('after a decline is possible once all have been tried', () =>
    given(placed, offered, offered)
      .when(reject('payment_declined', 2))
      .thenEmits({ type: 'OrderRejected', data: { ...owned, reason: 'payment_declined' } }));
  it('for another reason waits for no method', () => given(placed, offered).when(reject()).thenEmits(rejected));
});

describe('the way of a paid order', () => {
  it('leads to shipping', () => given(placed, paid).when(ship()).thenEmits(shipped));
  it('leads to delivery', () => given(placed, paid, shipped).when(deliver()).thenEmits(delivered));
  it.each<[string, OrderEvent[], OrderCommand]>([
    ['shipping', [placed, paid, shipped], ship()],
    ['shipping, once delivered', [placed, paid, shipped, delivered], ship()],
    ['delivery', [placed, paid, shipped, delivered], deliver()],
    ['delivery, once returned', [placed, paid, shipped, delivered, returning, returned], deliver()],
  ])('ignores a repeat of %s', (_step, history, command) =>
    given(...history)
      .when(command)
      .thenEmits(),
  );
  it.each<[string, OrderEvent[], OrderCommand]>([
    ['shipping before it is paid', [placed], ship()],
    ['shipping while it is being cancelled', [placed, paid, cancelling], ship()],
    ['shipping once cancelled', [placed, paid, cancelling, cancelled], ship()],
    ['delivery before it is shipped', [placed, paid], deliver()],
    ['shipping once its saga is to give up', [placed, paid, abortRequested], ship()],
    [
      'shipping once its saga is to give up, whatever else is asked of it',
      [placed, paid, abortRequested, retry],
      ship(),
    ],
    ['delivery of a cancelled order', [placed, paid, cancelling, cancelled], deliver()],
  ])('refuses %s', (_case, history, command) =>
    given(...history)
      .when(command)
      .thenRejects('order.illegal_transition'),
  );
});
