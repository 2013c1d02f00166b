import fc from 'fast-check';
import { play } from '../shared/testing/play.js';
import type { StockCommand } from './commands.js';
import type { StockEvent } from './events.js';
import { reservationOutcome, restoreStock, stock, type Stock } from './stock.js';

const productId = 'p1';
/** Few orders, so that commands meet; one is named as objects name their own fields. */
const anOrderId = fc.constantFrom('o1', 'o2', 'constructor');
const aQuantity = fc.integer({ min: 1, max: 6 });

const aCommand: fc.Arbitrary<StockCommand> = fc.oneof(
  aQuantity.map((quantity): StockCommand => ({
    type: 'ReceiveStock',
    data: { productId, quantity, reference: null },
  })),
  fc
    .integer({ min: -6, max: 6 })
    .map((delta): StockCommand => ({ type: 'AdjustStock', data: { productId, delta, reason: 'count' } })),
  fc
    .tuple(anOrderId, aQuantity)
    .map(([orderId, quantity]): StockCommand => ({ type: 'ReserveStock', data: { productId, orderId, quantity } })),
  fc
    .tuple(fc.constantFrom('ReleaseReservation', 'CommitReservation', 'ReturnStock'), anOrderId)
    .map(([type, orderId]): StockCommand => ({ type, data: { productId, orderId } })),
);
const commands = fc.array(aCommand, { maxLength: 30, size: 'max' });

/** The property holds in the state after every single command, not only at the end. */
const always = (holds: (state: Stock, events: readonly StockEvent[]) => void) =>
  fc.assert(
    fc.property(commands, (given) => {
      let played = play(stock, []);
      for (const command of given) {
        played = play(stock, [command], played);
        holds(played.state, played.events);
      }
    }),
    { numRuns: 300, includeErrorInReport: true },
  );

const sumOf = (numbers: readonly number[]) => numbers.reduce((sum, number) => sum + number, 0);

const piecesOf = (events: readonly StockEvent[], wanted: StockEvent['type']) =>
  sumOf(
    events.map(({ type, data }) => {
      if (type !== wanted) return 0;
      if ('quantity' in data) return data.quantity;
      return 'delta' in data ? data.delta : 0;
    }),
  );

describe('after any commands', () => {
  it('no more is reserved than there is, and never less than nothing', () =>
    always(({ onHand, reserved }) => {
      expect(reserved).toBeGreaterThanOrEqual(0);
      expect(onHand).toBeGreaterThanOrEqual(reserved);
    }));

  it('what is reserved is the sum of the open reservations', () =>
    always(({ reserved, reservations }) => {
      const open = [...reservations.values()].filter(({ status }) => status === 'open');
      expect(reserved).toBe(sumOf(open.map((each) => ('quantity' in each ? each.quantity : 0))));
    }));

  it('what is there is what came less what went', () =>
    always(({ onHand }, events) => {
      const came = piecesOf(events, 'StockReceived') + piecesOf(events, 'StockReturned');
      expect(onHand).toBe(came + piecesOf(events, 'StockAdjusted') - piecesOf(events, 'ReservationCommitted'));
    }));

  it('no order has been reserved for, committed or returned twice', () =>
    always((_state, events) => {
      const steps = events
        .filter(({ type }) => /^(StockReserved|ReservationCommitted|StockReturned)$/.test(type))
        .map(({ type, data }) => `${type} ${'orderId' in data ? data.orderId : ''}`);
      expect(steps).toHaveLength(new Set(steps).size);
    }));

  it('an order gives back what it took, and takes what it reserved', () =>
    always((_state, events) => {
      const ofOrders = events.filter((event) => 'quantity' in event.data && 'orderId' in event.data);
      const quantities = new Map(ofOrders.map(({ data }) => ['orderId' in data ? data.orderId : '', data]));
      expect(ofOrders.map(({ data }) => data)).toEqual(
        ofOrders.map(({ data }) => quantities.get('orderId' in data ? data.orderId : '')),
      );
    }));

  it('a command that was accepted changes nothing when it comes at once again', () =>
    fc.assert(
      fc.property(
        commands,
        fc.tuple(fc.constantFrom('release', 'commit', 'return', 'reserve'), anOrderId),
        (...given) => {
          const [before, [kind, orderId]] = given;
          const first = play(stock, [...before, orderCommand(kind, orderId)]);
          expect(play(stock, [orderCommand(kind, orderId)], first).events).toEqual(first.events);
        },
      ),
      { includeErrorInReport: true },
    ));

  it('a state that was kept as JSON decides as the one that was kept', () =>
    fc.assert(
      fc.property(commands, commands, (before, then) => {
        const { state } = play(stock, before);
        const restored = restoreStock(JSON.parse(JSON.stringify(state)));
        const after = (from: Stock) => play(stock, then, { events: [], state: from });
        expect(after(restored).events).toEqual(after(state).events);
        expect(JSON.stringify(after(restored).state)).toBe(JSON.stringify(after(state).state));
      }),
      { includeErrorInReport: true },
    ));
});

describe('a release that overtakes its reserve', () => {
  it('leaves nothing reserved for that order, whatever else happens', () =>
    fc.assert(
      fc.property(commands, (then) => {
        const release = orderCommand('release', 'o1');
        const { events, state } = play(stock, [release, ...then, orderCommand('reserve', 'o1')]);
        const reserved = events.filter(({ type, data }) => type === 'StockReserved' && data.orderId === 'o1');
        expect(reserved).toEqual([]);
        expect(reservationOutcome(state, 'o1')).toEqual({ reserved: false, reason: 'released' });
      }),
      { includeErrorInReport: true },
    ));
});

const orderCommand = (kind: 'release' | 'commit' | 'return' | 'reserve', orderId: string): StockCommand => {
  const data = { productId, orderId };
  if (kind === 'reserve') return { type: 'ReserveStock', data: { ...data, quantity: 2 } };
  const types = { release: 'ReleaseReservation', commit: 'CommitReservation', return: 'ReturnStock' } as const;
  return { type: types[kind], data };
};
