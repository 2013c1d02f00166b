import fc from 'fast-check';
import { play } from '../shared/testing/play.js';
import type { OrderCommand } from './commands.js';
import type { OrderEvent } from './events.js';
import { order } from './order.js';
import { isCancelling, isPlaced, type Order } from './order-state.js';
import { commands as examples } from './testing/example-order.js';

const { place, abandon, offer, pay, reject, cancel, endCancelled, ship, deliver, giveBack, endReturned } = examples;
const { fail, retry, skip, abort } = examples;

const aCommand: fc.Arbitrary<OrderCommand> = fc.oneof(
  fc.constantFrom(place(), abandon(), offer(), reject(), cancel(), cancel('s1'), endCancelled(), endCancelled('fraud')),
  fc.constantFrom(ship(), deliver(), giveBack(), endReturned()),
  fc.constantFrom(fail(), fail('capture', 2), retry(), skip(), abort()),
  fc.constantFrom('pay1', 'pay2').map(pay),
  fc.integer({ min: 0, max: 3 }).map((answered) => reject('payment_declined', answered)),
);

/** Random commands alone seldom come far: some runs begin with an order that did. */
const commands = fc
  .tuple(
    fc.constantFrom<readonly OrderCommand[]>(
      [],
      [place()],
      [place(), pay()],
      [place(), pay(), ship(), deliver(), giveBack()],
    ),
    fc.array(aCommand, { maxLength: 40 }),
  )
  .map(([before, then]) => [...before, ...then]);

/** The property holds after every single command, not only at the end. */
const always = (holds: (state: Order, events: readonly OrderEvent[]) => void) =>
  fc.assert(
    fc.property(commands, (given) => {
      let played = play(order, []);
      for (const command of given) {
        played = play(order, [command], played);
        holds(played.state, played.events);
      }
    }),
    { numRuns: 1000, includeErrorInReport: true },
  );

const places = (events: readonly OrderEvent[], ...types: readonly OrderEvent['type'][]) =>
  events.flatMap(({ type }, index) => (types.includes(type) ? [index] : []));
const count = (events: readonly OrderEvent[], ...types: readonly OrderEvent['type'][]) =>
  places(events, ...types).length;

describe('after any commands', () => {
  it('an order has ended once at most, and then goes nowhere', () =>
    always((_state, events) => {
      const [end, ...more] = places(events, 'OrderRejected', 'OrderCancelled', 'OrderReturned');
      expect(more).toEqual([]);
      const after = end === undefined ? [] : events.slice(end + 1).map(({ type }) => type);
      const aboutItsSaga = ['SagaStepFailed', 'SagaRetryRequested'];
      expect(after.filter((type) => !aboutItsSaga.includes(type))).toEqual([]);
    }));

  it('each step of its way is made once, in order', () =>
    always((_state, events) => {
      const way = ['OrderPlaced', 'OrderPaid', 'OrderShipped', 'OrderDelivered', 'OrderReturned'] as const;
      const made = events.map(({ type }) => type).filter((type) => (way as readonly string[]).includes(type));
      expect(made).toEqual(way.slice(0, made.length));
    }));

  it('a cancel and a dispatch are never both accepted', () =>
    always((_state, events) => {
      expect(count(events, 'CancellationRequested')).toBeLessThanOrEqual(1);
      expect(count(events, 'CancellationRequested', 'OrderShipped')).toBeLessThanOrEqual(1);
    }));

  it('what was shipped is not cancelled, and what its saga is to give up is not shipped', () =>
    always((_state, events) => {
      const [shipped] = places(events, 'OrderShipped');
      if (shipped === undefined) return;
      expect(count(events, 'OrderCancelled')).toBe(0);
      expect(places(events, 'SagaAbortRequested').filter((place) => place < shipped)).toEqual([]);
    }));

  it('an accepted cancel ends in nothing else', () =>
    always((state, events) => {
      const wasAccepted = count(events, 'CancellationRequested') === 1;
      const isOn = isPlaced(state) && (isCancelling(state) || state.status === 'CANCELLED');
      expect(!wasAccepted || isOn).toBe(true);
    }));

  it('an order that was given up before it was placed has no other event', () =>
    always((_state, events) => {
      expect(count(events, 'PlacementAbandoned') === 0 || events.length === 1).toBe(true);
    }));

  it('no order is cancelled unless somebody asked', () =>
    always((_state, events) => {
      const asked = count(events, 'CancellationRequested', 'SagaAbortRequested', 'SagaSkipRequested') > 0;
      expect(asked || count(events, 'OrderCancelled') === 0).toBe(true);
    }));

  it('the events alone give the same state', () =>
    always((state, events) => expect(events.reduce(order.evolve, order.initial)).toEqual(state)));

  it('the state is as it was after JSON has carried it', () =>
    always((state) => expect(JSON.parse(JSON.stringify(state))).toEqual(state)));
});
