import { decodeCursor, encodeCursor, pageOf } from './cursor.js';

const refused = expect.objectContaining({ code: 'request.invalid_cursor' }) as Error;

describe('a cursor', () => {
  it('comes back as it went', () =>
    expect(decodeCursor(encodeCursor(['Müsli 🥣', 450]), ['string', 'number'])).toEqual(['Müsli 🥣', 450]));

  it.each([
    ['nothing', ''],
    ['noise', 'not a cursor'],
    ['no list', Buffer.from('{}').toString('base64url')],
    ['too few parts', encodeCursor(['a'])],
    ['too many parts', encodeCursor(['a', 1, 2])],
    ['a part of another kind', encodeCursor(['a', 'b'])],
    ['an operator for a part', Buffer.from('[{"$ne":1},1]').toString('base64url')],
    ['NUL in a part', encodeCursor(['a\0', 1])],
  ])('is refused with %s in it', (_, cursor) =>
    expect(() => decodeCursor(cursor, ['string', 'number'])).toThrow(refused),
  );
});

describe('a page', () => {
  const cursorOf = (item: string) => [item];

  it('names its last item where the list goes on', () =>
    expect(pageOf(['a', 'b', 'c'], { limit: 2 }, cursorOf)).toEqual({
      items: ['a', 'b'],
      nextCursor: encodeCursor(['b']),
    }));

  it('is the last one where it does not', () =>
    expect(pageOf(['a', 'b'], { limit: 2 }, cursorOf)).toEqual({ items: ['a', 'b'], nextCursor: null }));
});
