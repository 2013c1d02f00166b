import { render } from './render.js';

const about = { name: 'Ada', orderId: 'o1', facts: {} };

it('welcomes by email', () =>
  expect(render('welcome', 'email', { ...about, orderId: null })).toEqual({
    subject: 'Welcome to Evermart',
    text:
      'Hello Ada,\n\n' +
      'Welcome to Evermart. Your account is ready: sign in with this email address.\n\n' +
      'If you did not make this account, please tell us.\n\n' +
      'Evermart\n',
  }));

describe('an order confirmation', () => {
  const confirmed = (amount: string, currency: string) =>
    render('order_confirmation', 'email', { ...about, facts: { amount, currency, lines: '2 × Mug\n1 × Tea' } });

  it('says what was ordered', () =>
    expect(confirmed('2200', 'EUR')).toEqual({
      subject: 'Your order o1',
      text:
        'Hello Ada,\n\n' +
        'Thank you for your order o1. It is paid, and we are preparing it.\n\n' +
        '2 × Mug\n1 × Tea\n\n' +
        'Total: EUR\u00a022.00\n\n' +
        'We will write again when it is on its way.\n\n' +
        'Evermart\n',
    }));

  it.each([
    ['5', 'EUR', 'EUR\u00a00.05'],
    ['1234567', 'USD', 'USD\u00a012,345.67'],
    ['2200', 'JPY', 'JPY\u00a02,200'],
    ['2200', 'KWD', 'KWD\u00a02.200'],
  ])('writes %s minor units of %s as %s', (amount, currency, written) =>
    expect(confirmed(amount, currency)?.text).toContain(`Total: ${written}\n`),
  );
});

it('tells of a declined payment by email', () =>
  expect(render('payment_declined', 'email', about)).toEqual({
    subject: 'The payment for your order o1 was declined',
    text:
      'Hello Ada,\n\n' +
      'The payment for your order o1 was declined. Nothing was charged.\n\n' +
      'Your order tells whether you can pay it in another way.\n\n' +
      'Evermart\n',
  }));

describe('an order that was shipped', () => {
  const facts = { carrier: 'DHL', trackingNumber: 'T1' };
  it('is told of by email', () =>
    expect(render('shipped', 'email', { ...about, facts })).toEqual({
      subject: 'Your order o1 is on its way',
      text: 'Hello Ada,\n\nYour order o1 is on its way. DHL brings it as T1.\n\nEvermart\n',
    }));
  it('is told of by SMS', () =>
    expect(render('shipped', 'sms', { ...about, facts })?.text).toBe(
      'Evermart: your order o1 is on its way. DHL brings it as T1.',
    ));
  it('is told of without tracking where there is none', () =>
    expect(render('shipped', 'sms', about)?.text).toBe('Evermart: your order o1 is on its way.'));
});

describe('an order that was delivered', () => {
  it('is told of by email', () =>
    expect(render('delivered', 'email', about)).toEqual({
      subject: 'Your order o1 was delivered',
      text: 'Hello Ada,\n\nYour order o1 was delivered. We hope that you like it.\n\nEvermart\n',
    }));
  it('is told of by SMS', () =>
    expect(render('delivered', 'sms', about)?.text).toBe('Evermart: your order o1 was delivered.'));
});

it.each([
  ['welcome', 'sms'],
  ['farewell', 'email'],
  ['constructor', 'email'],
] as const)('has no text for %s by %s', (template, channel) => expect(render(template, channel, about)).toBeNull());
