import type { CommandFacts } from '../shared/service.js';
import { order } from './order.js';
import type { OrderEvent } from './events.js';
import { orders } from './service.js';
import { address, eur, events, line, lines, owned } from './testing/example-order.js';

const { commands, questions } = orders;
const facts: CommandFacts = {
  ...{ at: '2026-01-01T00:00:00.000Z', actor: 's1', commandId: 'c1' },
  nameBasedId: (name) => name,
};
const item = (productId: string, quantity: number) => ({ productId, quantity });
const request = { ...owned, items: [item('p1', 2)], paymentMethod: 'pm_ok', shippingAddress: address };
const quoted = [{ productId: 'p1', unitPrice: eur(300) }];
const offer = (productId: string) => ({ productId, sku: productId.toUpperCase(), name: productId, price: eur(450) });
const answers = { buyerIsActive: true, offers: [offer('p1')] };
const refusal = (code: string) => expect.objectContaining({ code }) as Error;

const parsed = (type: string, data: object) => commands[type]?.parse(data) as object;
const stepOf = (type: string, data: object, told: object = {}) =>
  commands[type]?.steps(parsed(type, data), { ...told }, facts)[0];
const asked = (data: object) => commands['PlaceOrder']?.asks?.(parsed('PlaceOrder', data));

describe('placing', () => {
  it('takes the prices of the time', () =>
    expect(stepOf('PlaceOrder', request, answers)).toMatchObject({
      id: 'o1',
      command: { type: 'PlaceOrder', data: { ...owned, lines, address, paymentMethod: 'pm_ok' } },
    }));
  it('makes one line of a product that is named twice', () => {
    const items = [item('p1', 2), item('p2', 1), item('p1', 3)];
    const offers = items.map(({ productId }) => offer(productId));
    const wanted = [line('p1', 5), line('p2', 1)];
    expect(stepOf('PlaceOrder', { ...request, items }, { ...answers, offers })).toMatchObject({
      command: { data: { lines: wanted } },
    });
  });
  it('keeps the prices that were quoted', () => {
    const items = [item('p1', 2), item('p2', 1)];
    const offers = [offer('p1'), offer('p2')];
    const wanted = [line('p1', 2, eur(300)), line('p2', 1)];
    expect(stepOf('PlaceOrder', { ...request, items, quoted }, { ...answers, offers })).toMatchObject({
      command: { data: { lines: wanted } },
    });
  });
  it.each([
    ['an unknown buyer', { ...answers, buyerIsActive: false }, 'order.unknown_user'],
    ['a product that is not sold', { ...answers, offers: [null] }, 'order.unknown_product'],
  ])('is refused for %s', (_case, told, code) =>
    expect(() => stepOf('PlaceOrder', { ...request, quoted }, told)).toThrow(refusal(code)),
  );

  it('asks whether the buyer is active, and what products cost', () =>
    expect(asked(request)).toEqual({
      buyerIsActive: { context: 'users', question: 'isActive', data: { userId: 'u1' } },
      offers: { context: 'catalog', question: 'pricesOf', data: { productIds: ['p1'] } },
    }));
  it('from a cart asks whether its checkout stands', () =>
    expect(asked({ ...request, fromCart: true })).toMatchObject({
      checkout: { context: 'carts', question: 'pendingCheckout', data: owned },
    }));
  it('from a cart is refused once its lines went back', () =>
    expect(() => stepOf('PlaceOrder', { ...request, fromCart: true }, { ...answers, checkout: null })).toThrow(
      refusal('cart.no_checkout'),
    ));
  it('from a cart is possible while its checkout stands', () =>
    expect(stepOf('PlaceOrder', { ...request, fromCart: true }, { ...answers, checkout: owned })).toMatchObject({
      command: { data: { lines } },
    }));
  it('refuses a wrong mark', () =>
    expect(() => parsed('PlaceOrder', { ...request, fromCart: 'yes' })).toThrow(
      expect.objectContaining({ errors: [expect.objectContaining({ pointer: '/fromCart' })] }) as Error,
    ));
  it('answers with the order', () =>
    expect(commands['PlaceOrder']?.answer?.(order.evolve(order.initial, events.placed) as never, request)).toEqual({
      id: 'o1',
      userId: 'u1',
      items: lines,
      total: eur(900),
      status: 'PENDING',
    }));
});

describe('the other commands', () => {
  it.each<[string, object]>([
    ['AbandonPlacement', { userId: 'u1', code: 'order.unknown_product' }],
    ['OfferPaymentMethod', { paymentMethod: 'pm_2' }],
    ['MarkOrderPaid', { paymentId: 'pay1' }],
    ['RejectOrder', { reason: 'payment_declined', answeredMethods: 2 }],
    ['CancelOrder', { reason: null }],
    ['MarkOrderShipped', {}],
    ['MarkOrderDelivered', {}],
    ['RequestReturn', { reason: 'broken' }],
    ['MarkOrderReturned', {}],
    ['RecordStepFailure', { step: 'capture', attempt: 1, code: 'step_failed' }],
  ])('%s goes to the order as it is', (type, data) => {
    const whole = { orderId: 'o1', ...data };
    expect(stepOf(type, whole)).toMatchObject({ id: 'o1', command: { type, data: whole } });
  });
  it.each<[string, object]>([
    ['RequestCancellation', { reason: null }],
    ['RequestSagaRetry', {}],
    ['RequestSagaSkip', {}],
    ['RequestSagaAbort', {}],
  ])('%s says who asks, whatever its data say', (type, data) => {
    const command = { type, data: { orderId: 'o1', ...data, by: 's1' } };
    expect(stepOf(type, { orderId: 'o1', ...data, by: 'u1' })).toMatchObject({ id: 'o1', command });
  });
});

describe('a question about an order', () => {
  const { placed, offered, cancelling, cancelled, abandoned, paid, abortRequested } = events;
  const answerTo = (question: string, ...history: OrderEvent[]) =>
    questions[question]?.answer([history.reduce(order.evolve, order.initial)] as never, { orderId: 'o1' });

  it.each(['fulfilmentOf', 'orderOf', 'deliveryOf'])('%s has no answer where there is none', (question) => {
    expect(answerTo(question)).toBeNull();
    expect(answerTo(question, abandoned)).toBeNull();
  });
  it('tells whether it was given up before it was placed', () => {
    expect(answerTo('isAbandoned', abandoned)).toBe(true);
    expect(answerTo('isAbandoned', placed)).toBe(false);
    expect(answerTo('isAbandoned')).toBe(false);
  });
  it('tells the saga all that it needs', () =>
    expect(answerTo('fulfilmentOf', placed, offered, cancelling)).toEqual({
      status: 'PENDING',
      cancelling: true,
      abortRequested: false,
      skipRequested: false,
      rejectionReason: null,
      userId: 'u1',
      lines: [item('p1', 2)],
      total: eur(900),
      paymentMethod: 'pm_ok',
      offeredMethods: ['pm_2'],
    }));
  it('tells whose it is', () =>
    expect(answerTo('orderOf', placed, cancelling, cancelled)).toEqual({
      userId: 'u1',
      status: 'CANCELLED',
      cancelling: false,
    }));
  it('tells what goes where, with the address readable', () => {
    expect(answerTo('deliveryOf', placed, paid)).toEqual({ userId: 'u1', lines, address });
    expect(questions['deliveryOf']?.opensPersonal).toBe(true);
  });
  it.each<[string, OrderEvent[]]>([
    ['paid yet', [placed]],
    ['to be kept', [placed, paid, cancelling]],
    ['to be kept by its saga', [placed, paid, abortRequested]],
  ])('tells nobody where an order goes that is not %s', (_case, history) =>
    expect(answerTo('deliveryOf', ...history)).toBeNull(),
  );
});
