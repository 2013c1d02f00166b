import { withoutPersonalOf } from './without-personal.js';

type Person = Readonly<{ name: string | null; email: string | null; orders: number }>;
const ann: Person = { name: 'Ann', email: 'ann@example.org', orders: 3 };

describe('rows of whoever was erased', () => {
  const rows = new Map([
    ['ann', { row: ann, position: 7n }],
    ['bob', { row: ann, position: 8n }],
    ['cid', { row: null, position: 9n }],
  ]);

  it('lose their personal fields and nothing else', () =>
    expect(
      Object.fromEntries(withoutPersonalOf<Person>(new Set(['ann', 'cid', 'dot']), ['name', 'email'], rows)),
    ).toEqual({
      ann: { row: { name: null, email: null, orders: 3 }, position: 7n },
      bob: { row: ann, position: 8n },
      cid: { row: null, position: 9n },
    }));
});
