import fc from 'fast-check';
import type { StoredEvent } from '../../infra/event-store/stored-event.js';
import { causationTree, type Caused } from './causation-tree.js';

const event = (id: string, commandId: string, $causationId = commandId) =>
  ({ id, metadata: { commandId, $causationId } }) as StoredEvent;

/** `a(b c)`: a has caused b and c. */
const written = (nodes: readonly Caused[]): string =>
  nodes.map(({ event: { id }, causes }) => (causes.length > 0 ? `${id}(${written(causes)})` : id)).join(' ');

it.each<[string, readonly StoredEvent[], string]>([
  ['nothing has caused the events of the first command', [event('a', 'c1'), event('b', 'c1')], 'a b'],
  [
    'an event causes',
    [event('a', 'c1'), event('b', 'c2', 'a'), event('c', 'c3', 'b'), event('d', 'c4', 'a')],
    'a(b(c) d)',
  ],
  ['a command causes by its first event', [event('a', 'c1'), event('b', 'c1'), event('c', 'c2', 'c1')], 'a(c) b'],
  ['a cause elsewhere makes a root', [event('a', 'c1', 'x'), event('b', 'c2', 'a')], 'a(b)'],
  ['nothing causes what was before it', [event('a', 'c1', 'b'), event('b', 'c2', 'a')], 'a(b)'],
  ['nothing causes itself', [event('a', 'c1', 'a')], 'a'],
])('%s', (_, events, tree) => expect(written(causationTree(events))).toBe(tree));

it('has every event once, whatever they say of each other', () => {
  const aName = fc.constantFrom('a', 'b', 'c', 'd', 'e');
  const anEvent = fc.record({ commandId: aName, $causationId: aName });
  fc.assert(
    fc.property(fc.array(anEvent, { maxLength: 30 }), (metadata) => {
      const events = metadata.map(({ commandId, $causationId }, index) =>
        event(`${index % 7}`, commandId, $causationId),
      );
      const all = (nodes: readonly Caused[]): readonly StoredEvent[] =>
        nodes.flatMap(({ event: each, causes }) => [each, ...all(causes)]);
      expect(new Set(all(causationTree(events)))).toEqual(new Set(events));
      expect(all(causationTree(events))).toHaveLength(events.length);
    }),
  );
});
