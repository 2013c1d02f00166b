import type { CommandFacts } from '../shared/service.js';
import type { StockEvent } from './events.js';
import { inventory } from './service.js';
import { restoreStock, stock } from './stock.js';

const { commands, aggregates } = inventory;
const facts: CommandFacts = {
  ...{ at: '2026-01-01T00:00:00.000Z', actor: 's1', commandId: 'c1' },
  nameBasedId: (name) => name,
};
const productId = 'p1';
const ofStaff: readonly [string, object][] = [
  ['ReceiveStock', { productId, quantity: 5, reference: 'delivery note 7' }],
  ['AdjustStock', { productId, delta: -2, reason: 'broken' }],
];
const ofSaga: readonly [string, object][] = [
  ['ReserveStock', { productId, orderId: 'o1', quantity: 2 }],
  ['ReleaseReservation', { productId, orderId: 'o1' }],
  ['CommitReservation', { productId, orderId: 'o1' }],
  ['ReturnStock', { productId, orderId: 'o1' }],
];
const refusal = (code: string) => expect.objectContaining({ code }) as Error;
const parsed = (type: string, data: object) => commands[type]?.parse(data) as object;
const stepOf = (type: string, data: object, told: object = {}) =>
  commands[type]?.steps(parsed(type, data), { ...told }, facts)[0];

it('every command is tried here', () =>
  expect(Object.keys(commands)).toEqual([...ofStaff, ...ofSaga].map(([type]) => type)));

describe.each(ofStaff)('%s', (type, data) => {
  it('asks whether there is such a product: one that is not sold any more has stock too', () =>
    expect(commands[type]?.asks?.(parsed(type, data))).toEqual({
      isKnown: { context: 'catalog', question: 'exists', data: { productId } },
    }));
  it('goes to the stock of a product that is known', () => {
    const step = stepOf(type, data, { isKnown: true });
    expect(step).toMatchObject({ aggregate: { category: 'stock' }, id: productId });
    expect(step?.command).toEqual({ type, data });
  });
  it('is refused for a product that is not', () =>
    expect(() => stepOf(type, data, { isKnown: false })).toThrow(refusal('product.not_found')));
  it('is known again by its stream, also where the catalog is away', () =>
    expect(commands[type]?.changes?.(data)).toMatchObject({ aggregate: { category: 'stock' }, id: productId }));
});

describe.each(ofSaga)('%s', (type, data) => {
  it('asks nobody: the product was known when it was ordered', () => {
    expect(commands[type]?.asks).toBeUndefined();
    const step = stepOf(type, data);
    expect(step).toMatchObject({ aggregate: { category: 'stock' }, id: productId });
    expect(step?.command).toEqual({ type, data });
  });
});

describe('the data of a command', () => {
  it.each<[string, string, object]>([
    ['ReceiveStock', '/quantity', { productId, quantity: 0 }],
    ['ReceiveStock', '/quantity', { productId, quantity: 1_000_000_001 }],
    ['ReceiveStock', '/reference', { productId, quantity: 1, reference: '' }],
    ['AdjustStock', '/delta', { productId, delta: 0.5, reason: 'broken' }],
    ['AdjustStock', '/reason', { productId, delta: 1 }],
    ['ReserveStock', '/quantity', { productId, orderId: 'o1', quantity: -1 }],
    ['CommitReservation', '/orderId', { productId }],
    ['ReturnStock', '/productId', { productId: 'p/1', orderId: 'o1' }],
  ])('of %s is refused with a wrong %s', (type, pointer, data) =>
    expect(() => parsed(type, data)).toThrow(
      expect.objectContaining({ errors: [expect.objectContaining({ pointer })] }) as Error,
    ),
  );
  it('may leave out the reference', () =>
    expect(parsed('ReceiveStock', { productId, quantity: 1 })).toEqual({ productId, quantity: 1, reference: null }));
});

describe('the answer to a reservation', () => {
  const received: StockEvent = { type: 'StockReceived', data: { productId, quantity: 2, reference: null } };
  const reserved: StockEvent = { type: 'StockReserved', data: { productId, orderId: 'o1', quantity: 2 } };
  const refused: StockEvent = {
    type: 'ReservationRefused',
    data: { productId, orderId: 'o1', reason: 'out_of_stock' },
  };
  const after = (...events: StockEvent[]) => events.reduce(stock.evolve, stock.initial);

  it.each([
    [{ reserved: true }, after(received, reserved)],
    [{ reserved: false, reason: 'out_of_stock' }, after(refused)],
  ])('is %j', (answer, state) =>
    expect(commands['ReserveStock']?.answer?.(state as never, { orderId: 'o1' })).toEqual(answer),
  );
  it('is the same from a state that was kept as JSON', () => {
    const kept: unknown = JSON.parse(JSON.stringify(after(received, reserved)));
    expect(restoreStock(kept)).toEqual(after(received, reserved));
    expect(aggregates[0]?.snapshot?.restore).toBe(restoreStock);
  });
});
