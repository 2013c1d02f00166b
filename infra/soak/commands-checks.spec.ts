import { holders, wrongReservations } from './commands-checks.js';

const reserved = (orderId: string) => ({ type: 'StockReserved', data: { orderId, quantity: 1 } });
const refused = (orderId: string) => ({ type: 'ReservationRefused', data: { orderId } });
const released = (orderId: string) => ({ type: 'ReservationReleased', data: { orderId, quantity: 1 } });
const told = (answers: Readonly<Record<string, boolean>>) => new Map(Object.entries(answers));

describe('what is wrong with reservations', () => {
  it('is nothing where as many orders hold a piece as there are', () => {
    expect(wrongReservations([reserved('a'), refused('b')], told({ a: true, b: false }), 1)).toEqual([]);
  });

  it.each([
    [
      'more than there are',
      [reserved('a'), reserved('b')],
      { a: true, b: true },
      ['2 reservations instead of 1', '2 of 1 pieces were held at once'],
    ],
    ['fewer than there are', [refused('a')], { a: false }, ['0 reservations instead of 1']],
    [
      'an order decided on twice',
      [reserved('a'), refused('a')],
      { a: true },
      ['a was decided on twice', 'a was not told of a refusal'],
    ],
    [
      'a promise that is not stored',
      [reserved('a'), refused('b')],
      { a: true, b: true },
      ['b was told of a reservation that is not stored', 'b was not told of a refusal'],
    ],
    [
      'a reservation nobody was told of',
      [reserved('a')],
      { a: false },
      ['a was not told of a reservation', 'a was told of a refusal that is not stored'],
    ],
  ])('is %s', (_, events, answers, wrong) => {
    expect(wrongReservations(events, told(answers), 1)).toEqual(wrong);
  });
});

describe('those who hold pieces', () => {
  it('are those whose reservations are not over', () => {
    expect(holders([reserved('a'), reserved('b'), released('a'), refused('c')])).toEqual(['b']);
  });
});
