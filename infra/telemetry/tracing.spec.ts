import {
  newTraceparent,
  inSpan,
  currentTraceparent,
  injectTraceparent,
  traceIdOf,
  traceparentFrom,
} from './tracing.js';

const trace128 = '0af7651916cd43dd8448eb211c80319c';
const span = 'b7ad6b7169203331';
const w3c = `00-${trace128}-${span}-01`;

describe('traceparentFrom', () => {
  it.each([
    ['a sampled traceparent', { traceparent: w3c }, w3c],
    ['one that is not sampled', { traceparent: `00-${trace128}-${span}-00` }, `00-${trace128}-${span}-00`],
    ['only the flag it knows', { traceparent: `00-${trace128}-${span}-ff` }, w3c],
    ['the four known fields of a later version', { traceparent: `cc-${trace128}-${span}-01-what-follows` }, w3c],
    ['traceparent rather than uber-trace-id', { traceparent: w3c, 'uber-trace-id': '1:2:0:1' }, w3c],
    [
      'uber-trace-id where traceparent is malformed',
      { traceparent: 'x', 'uber-trace-id': `${trace128}:${span}:0:1` },
      w3c,
    ],
    ['a 64-bit uber-trace-id', { 'uber-trace-id': `${span}:${span}:0:1` }, `00-0000000000000000${span}-${span}-01`],
    [
      'ids without leading zeros',
      { 'uber-trace-id': 'abc:1:0:1' },
      `00-${'abc'.padStart(32, '0')}-${'1'.padStart(16, '0')}-01`,
    ],
    ['upper case', { 'uber-trace-id': `${trace128}:${span}:0:1`.toUpperCase() }, w3c],
    ['percent-encoding', { 'uber-trace-id': `${trace128}%3A${span}%3a0%3A1` }, w3c],
    ['an unsampled uber-trace-id', { 'uber-trace-id': `${trace128}:${span}:0:0` }, `00-${trace128}-${span}-00`],
    ['the debug flag beside the sampled one', { 'uber-trace-id': `${trace128}:${span}:0:3` }, w3c],
  ])('continues %s', (_case, headers, expected) => {
    expect(traceparentFrom(headers)).toBe(expected);
  });

  it.each([
    ['nothing', {}],
    ['an empty traceparent', { traceparent: '' }],
    ['an upper-case traceparent', { traceparent: w3c.toUpperCase() }],
    ['a short trace id', { traceparent: `00-${trace128.slice(1)}-${span}-01` }],
    ['a trace id of zeros', { traceparent: `00-${'0'.repeat(32)}-${span}-01` }],
    ['a span id of zeros', { traceparent: `00-${trace128}-${'0'.repeat(16)}-01` }],
    ['the forbidden version', { traceparent: `ff-${trace128}-${span}-01` }],
    ['a fifth field in version 00', { traceparent: `${w3c}-01` }],
    ['two traceparents', { traceparent: [w3c, w3c] }],
    ['two traceparents, joined by Node', { traceparent: `${w3c}, ${w3c}` }],
    ['an uber-trace-id of zeros', { 'uber-trace-id': '0:1:0:1' }],
    ['an uber-trace-id without span', { 'uber-trace-id': `${trace128}:0:0:1` }],
    ['an uber-trace-id with three fields', { 'uber-trace-id': `${trace128}:${span}:1` }],
    ['an uber-trace-id that is too long', { 'uber-trace-id': `1${trace128}:${span}:0:1` }],
    ['an uber-trace-id with broken encoding', { 'uber-trace-id': `${trace128}%${span}:0:1` }],
  ])('begins anew for %s', (_case, headers) => {
    expect(traceparentFrom(headers)).toBeUndefined();
  });
});

it('makes traceparents that it continues itself', () => {
  const traceparent = newTraceparent();
  expect(traceparentFrom({ traceparent })).toBe(traceparent);
  expect(traceIdOf(traceparent)).toMatch(/^[\da-f]{32}$/);
  expect(newTraceparent()).not.toBe(traceparent);
});

describe('without an SDK', () => {
  it('runs the work and gives its result', async () => {
    await expect(inSpan('work', { parent: w3c }, () => Promise.resolve(42))).resolves.toBe(42);
  });

  it('passes an error through', async () => {
    await expect(inSpan('work', {}, () => Promise.reject(new RangeError('no')))).rejects.toThrow(RangeError);
  });

  it('has no current trace, and adds no header', async () => {
    const seen = await inSpan('work', {}, () => Promise.resolve([currentTraceparent(), injectTraceparent({ a: 'b' })]));
    expect(seen).toEqual([undefined, { a: 'b' }]);
  });
});
