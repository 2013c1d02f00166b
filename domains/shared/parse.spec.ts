import { fields, id, integer, list, money, optional, parseBy, text } from './parse.js';

const parse = parseBy(
  fields({ orderId: id, quantity: integer(1, 10), note: optional(text(5)), prices: list(money, 2) }),
);
const good = { orderId: 'o1', quantity: 3, note: 'short', prices: [{ amount: 1, currency: 'EUR' }] };

describe('parsing a command', () => {
  it('gives its fields', () => expect(parse(good)).toEqual(good));
  it('drops fields it does not know', () => expect(parse({ ...good, extra: 1 })).toEqual(good));
  it('takes an absent optional field as null', () =>
    expect(parse({ ...good, note: undefined })).toEqual({ ...good, note: null }));
  it.each([0, 11, 1.5, 1e12, '3', null, Number.NaN])('refuses a quantity of %p', (quantity) =>
    expect(() => parse({ ...good, quantity })).toThrow(expect.objectContaining({ code: 'command.invalid' }) as Error),
  );
  it('tells every wrong field by its pointer', () => {
    const wrong = { orderId: 'a b', quantity: 0, note: 'too long', prices: [{ amount: -1, currency: 'euro' }, 1] };
    const pointers = ['/orderId', '/quantity', '/note', '/prices/0/amount', '/prices/0/currency', '/prices/1'];
    const errors = expect.arrayContaining(
      pointers.map((pointer) => expect.objectContaining({ pointer }) as object),
    ) as object[];
    expect(() => parse(wrong)).toThrow(expect.objectContaining({ errors }) as Error);
  });
  it.each(['a\u0000b', '\ud800'])('refuses text that no store keeps: %j', (note) =>
    expect(() => parse({ ...good, note })).toThrow(expect.objectContaining({ code: 'command.invalid' }) as Error),
  );
  it('takes characters of every plane', () => expect(parse({ ...good, note: 'a 🫖' })).toMatchObject({ note: 'a 🫖' }));
  it('counts characters, whatever plane they are of', () => {
    expect(parse({ ...good, note: '🫖'.repeat(5) })).toMatchObject({ note: '🫖'.repeat(5) });
    const tooLong = { ...good, note: '🫖'.repeat(6) };
    expect(() => parse(tooLong)).toThrow(expect.objectContaining({ code: 'command.invalid' }) as Error);
    const tooShort = () => parseBy(text(2, 2))('🫖');
    expect(tooShort).toThrow(expect.objectContaining({ code: 'command.invalid' }) as Error);
  });
  it.each([null, 1, 'x', []])('refuses %p for an object', (data) =>
    expect(() => parse(data)).toThrow(expect.objectContaining({ code: 'command.invalid' }) as Error),
  );
});
