import fc from 'fast-check';
import { pageOfStream, readingFor, type Direction, type PageOfStream } from './stream-page.js';

/** What a store reads of a stream of so many events. */
const read = (count: number, { from, most, direction }: ReturnType<typeof readingFor>) => {
  const revisions = Array.from({ length: count }, (_, revision) => ({ revision }));
  const isAsked = ({ revision }: { revision: number }) =>
    from === undefined || (direction === 'forwards' ? revision >= from : revision <= from);
  return (direction === 'forwards' ? revisions : revisions.toReversed()).filter(isAsked).slice(0, most);
};
const page = (count: number, asked: PageOfStream) => pageOfStream(asked, read(count, readingFor(asked)));
const revisionsOf = (items: readonly Readonly<{ revision: number }>[]) => items.map(({ revision }) => revision);

it.each([
  [{ limit: 2, direction: 'forwards' }, [0, 1], '2', null],
  [{ limit: 2, direction: 'forwards', from: 2 }, [2, 3], '4', '1'],
  [{ limit: 2, direction: 'forwards', from: 4 }, [4], null, '3'],
  [{ limit: 2, direction: 'backwards' }, [4, 3], '2', null],
  [{ limit: 2, direction: 'backwards', from: 2 }, [2, 1], '0', '3'],
  [{ limit: 5, direction: 'backwards', from: 4 }, [4, 3, 2, 1, 0], null, null],
] as const)('a page of five events: %j', (asked, items, nextCursor, previousCursor) => {
  const found = page(5, asked);
  expect({ ...found, items: revisionsOf(found.items) }).toEqual({ items, nextCursor, previousCursor });
});

const opposite = { forwards: 'backwards', backwards: 'forwards' } as const satisfies Record<Direction, Direction>;

it('leads through every event once, and back again', () =>
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 30 }),
      fc.integer({ min: 1, max: 12 }),
      fc.constantFrom<Direction>('forwards', 'backwards'),
      (count, limit, direction) => {
        const all = Array.from({ length: count }, (_, revision) => revision);
        const there: number[] = [];
        let asked: PageOfStream = { limit, direction };
        let last = page(count, asked);
        for (;;) {
          there.push(...revisionsOf(last.items));
          if (last.nextCursor === null) break;
          asked = { ...asked, from: Number(last.nextCursor) };
          last = page(count, asked);
        }
        expect(there).toEqual(direction === 'forwards' ? all : all.toReversed());

        const back = revisionsOf(last.items).toReversed();
        for (let from = last.previousCursor; from !== null;) {
          const found = page(count, { limit, direction: opposite[direction], from: Number(from) });
          back.push(...revisionsOf(found.items));
          from = found.nextCursor;
        }
        expect(back).toEqual(there.toReversed());
      },
    ),
  ));
