import fc from 'fast-check';
import { everyAggregate } from '../../domains/contexts.js';
import type { Message } from '../../domains/shared/decider.js';
import type { AnyAggregate } from '../../domains/shared/service.js';
import { play } from '../../domains/shared/testing/play.js';
import { schemaOf } from '../../infra/command-handling/readable-event.js';
import type { StreamPart } from '../../infra/event-store/event-store.js';
import type { EventMetadata, StreamEvent } from '../../infra/event-store/stored-event.js';
import { createPastStates, type PastPoint } from './past-states.js';
import { commandsOfEveryKind } from './testing/commands-of-every-kind.js';

type Event = Message<string, Readonly<Record<string, unknown>>>;

/** Each is stored a second after the one before. */
const storedAt = (revision: number) => new Date(Date.UTC(2026, 0, 1) + revision * 1_000);

/** A store with one stream, and what it is asked of that. */
const storeOf = (aggregate: AnyAggregate, events: readonly Event[]) => ({
  readStream: async function* (streamId: string, { most = Infinity }: StreamPart = {}) {
    await Promise.resolve();
    if (streamId !== `${aggregate.category}-1`) return;
    for (const [revision, event] of events.slice(0, most).entries())
      yield {
        ...event,
        ...{ id: `e${revision}`, streamId, category: aggregate.category, revision, position: null },
        metadata: { commandId: `c${revision}`, schemaVersion: schemaOf(aggregate, event).version } as EventMetadata,
        created: storedAt(revision),
      } satisfies StreamEvent;
  },
});
const pastOf = (aggregate: AnyAggregate, events: readonly Event[]) =>
  createPastStates({ eventStore: storeOf(aggregate, events), aggregates: everyAggregate });

/** As deciders see it. */
const withoutPersonal = (aggregate: AnyAggregate, event: Event): Event => {
  const personal = schemaOf(aggregate, event).personal?.fields ?? [];
  return {
    ...event,
    data: Object.fromEntries(
      Object.entries(event.data).map(([name, value]) => [name, personal.includes(name) ? null : value]),
    ),
  };
};
const folded = (aggregate: AnyAggregate, events: readonly Event[]): unknown =>
  JSON.parse(
    JSON.stringify(
      events
        .map((event) => withoutPersonal(aggregate, event))
        .reduce<unknown>(
          (state, event) => aggregate.decider.evolve(state, event) as unknown,
          aggregate.decider.initial,
        ),
    ),
  );

it.each(everyAggregate)('the state of $category at each revision is a fold of the prefix', async (aggregate) => {
  const commands = commandsOfEveryKind[aggregate.category] ?? [];
  expect(commands).not.toEqual([]);
  let longest = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom(...commands), { minLength: 5, maxLength: 40, size: 'max' }),
      async (given) => {
        const events = play<unknown, Message, Event>(aggregate.decider, given).events;
        longest = Math.max(longest, events.length);
        const stateAt = pastOf(aggregate, events);
        for (const revision of events.keys()) {
          const state = folded(aggregate, events.slice(0, revision + 1));
          const expected = { revision, at: storedAt(revision), state };
          expect(await stateAt(`${aggregate.category}-1`, { revision })).toEqual(expected);
          expect(await stateAt(`${aggregate.category}-1`, { at: storedAt(revision) })).toEqual(expected);
        }
      },
    ),
    { numRuns: 40 },
  );
  expect(longest).toBeGreaterThan(1);
});

describe('a past', () => {
  const stock = everyAggregate.find(({ category }) => category === 'stock') as AnyAggregate;
  const received = { type: 'StockReceived', data: { productId: '1', quantity: 5, reference: null } };
  const stateAt = pastOf(stock, [received, received]);

  it.each<[string, string, PastPoint, string]>([
    ['of a stream that is none', 'stock-2', { revision: 0 }, 'audit.no_such_stream'],
    ['of a stream that is none, at an instant', 'stock-2', { at: storedAt(9) }, 'audit.no_such_stream'],
    ['of nothing that is known', 'ada-1', { revision: 0 }, 'audit.no_such_stream'],
    ['beyond the end', 'stock-1', { revision: 2 }, 'audit.beyond_the_end'],
    ['before the first event', 'stock-1', { at: new Date(storedAt(0).getTime() - 1) }, 'audit.beyond_the_end'],
  ])('%s is refused', (_, stream, point, code) => expect(stateAt(stream, point)).rejects.toMatchObject({ code }));

  it('lasts until the next event', async () => {
    const between = new Date(storedAt(1).getTime() - 1);
    expect(await stateAt('stock-1', { at: between })).toMatchObject({ revision: 0, state: { onHand: 5 } });
    expect(await stateAt('stock-1', { at: storedAt(99) })).toMatchObject({ revision: 1, state: { onHand: 10 } });
  });

  it('says where there is something that nobody knows', async () => {
    const forged: AnyAggregate = { ...stock, events: { ...stock.events, Forged: { version: 1 } } };
    const read = createPastStates({
      eventStore: storeOf(forged, [received, { type: 'Forged', data: {} }]),
      aggregates: everyAggregate,
    });
    expect(await read('stock-1', { revision: 0 })).toMatchObject({ state: { onHand: 5 } });
    await expect(read('stock-1', { revision: 1 })).rejects.toMatchObject({ code: 'audit.unreadable_event' });
  });
});
