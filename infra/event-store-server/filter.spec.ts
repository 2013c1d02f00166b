import { accepts } from './filter.js';

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
