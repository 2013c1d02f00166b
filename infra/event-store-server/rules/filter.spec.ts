import { accepts, expressionOf, ExpressionTooSlow } from './filter.js';

const anything = /(?:)/;
const event = { stream: 'order-1', type: 'OrderPlaced' };

describe('a filter', () => {
  it.each([
    ['stream', ['order-'], true],
    ['stream', ['cart-', 'order-'], true],
    ['stream', ['rder'], false],
    ['type', ['Order'], true],
    ['type', ['order'], false],
  ] as const)('on the %s with the prefixes %j', (on, prefixes, outcome) =>
    expect(accepts({ on, prefixes, regex: anything }, event[on])).toBe(outcome),
  );

  it.each([
    ['stream', /^order-\d$/, true],
    ['stream', /Placed$/, false],
    ['type', /Placed$/, true],
    ['type', /^[^$].*/, true],
  ] as const)('on the %s with the expression %s', (on, regex, outcome) =>
    expect(accepts({ on, prefixes: [], regex }, event[on])).toBe(outcome),
  );

  it('prefers prefixes to the expression', () =>
    expect(accepts({ on: 'type', prefixes: ['Cart'], regex: anything }, event.type)).toBe(false));
});

describe('an expression', () => {
  it.each([
    ['^order-\\d$', 'order-1', true],
    ['^(?!order)', 'order-1', false],
    ['(a)\\1', 'baa', true],
    ['^(?<year>\\d+)-\\k<year>$', '26-26', true],
  ])('%s on %s', (text, name, outcome) => expect(expressionOf(text).test(name)).toBe(outcome));

  it('is given up when it takes too long', () =>
    expect(() => expressionOf('^(?=a)(a+)+$').test(`${'a'.repeat(40)}!`)).toThrow(ExpressionTooSlow));
});
