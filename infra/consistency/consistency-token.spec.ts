import { formatToken, parseTokens } from './consistency-token.js';

describe('a consistency token', () => {
  const touched = [
    { category: 'order', position: '120' },
    { category: 'cart', position: '118' },
  ];
  it('is read back as it was given', () =>
    expect(parseTokens(formatToken(touched))).toEqual(
      new Map([
        ['order', 120n],
        ['cart', 118n],
      ]),
    ));
  it('counts the furthest position of several', () =>
    expect(parseTokens('7.order, 12.order,9.order')).toEqual(new Map([['order', 12n]])));
  it.each([undefined, '', ' '])('asks for nothing when it is %p', (header) => expect(parseTokens(header).size).toBe(0));
  it.each(['order', '12', '12.', '-1.order', '1.order;2.cart', '1.5.order', '12.Order\n'])('is refused: %p', (header) =>
    expect(() => parseTokens(header)).toThrow(expect.objectContaining({ code: 'request.invalid_token' }) as Error),
  );
});
