import { givenFor } from '../shared/testing/given.js';
import { mostPieces, type StockCommand } from './commands.js';
import type { StockEvent } from './events.js';
import { reservationOutcome, stock } from './stock.js';

const given = givenFor(stock);
const productId = 'p1';
const receive = (quantity: number): StockCommand => ({
  type: 'ReceiveStock',
  data: { productId, quantity, reference: null },
});
const adjust = (delta: number): StockCommand => ({ type: 'AdjustStock', data: { productId, delta, reason: 'count' } });
const reserve = (orderId: string, quantity: number): StockCommand => ({
  type: 'ReserveStock',
  data: { productId, orderId, quantity },
});
const release: StockCommand = { type: 'ReleaseReservation', data: { productId, orderId: 'o1' } };
const commit: StockCommand = { type: 'CommitReservation', data: { productId, orderId: 'o1' } };
const giveBack: StockCommand = { type: 'ReturnStock', data: { productId, orderId: 'o1' } };
const received = (quantity: number): StockEvent => ({
  type: 'StockReceived',
  data: { productId, quantity, reference: null },
});
const reserved = (orderId: string, quantity: number): StockEvent => ({
  type: 'StockReserved',
  data: { productId, orderId, quantity },
});
const refused = (reason: 'out_of_stock' | 'released'): StockEvent => ({
  type: 'ReservationRefused',
  data: { productId, orderId: 'o1', reason },
});
const released: StockEvent = { type: 'ReservationReleased', data: { productId, orderId: 'o1', quantity: 2 } };
const committed: StockEvent = { type: 'ReservationCommitted', data: { productId, orderId: 'o1', quantity: 2 } };
const returned: StockEvent = { type: 'StockReturned', data: { productId, orderId: 'o1', quantity: 2 } };
const taken = [received(2), reserved('o1', 2), committed];

describe('stock', () => {
  it('is received', () => given().when(receive(5)).thenEmits(received(5)));
  it('is received again and again', () => given(received(5)).when(receive(5)).thenEmits(received(5)));
  it('has an upper bound', () => given(received(mostPieces)).when(receive(1)).thenRejects('stock.too_large'));
  it('is adjusted', () =>
    given(received(5))
      .when(adjust(-5))
      .thenEmits({ type: 'StockAdjusted', data: { productId, delta: -5, reason: 'count' } }));
  it('is left alone by an adjustment of nothing', () => given(received(5)).when(adjust(0)).thenEmits());
  it('is not adjusted beyond the upper bound', () =>
    given(received(mostPieces)).when(adjust(1)).thenRejects('stock.too_large'));
  it('is not adjusted below what is reserved', () =>
    given(received(5), reserved('o1', 2)).when(adjust(-4)).thenRejects('stock.out_of_stock'));

  it('is reserved', () => given(received(2)).when(reserve('o1', 2)).thenEmits(reserved('o1', 2)));
  it('is not reserved beyond what is available', () =>
    given(received(2), reserved('o2', 1)).when(reserve('o1', 2)).thenEmits(refused('out_of_stock')));
  it('ignores a repeat of a reservation', () =>
    given(received(2), reserved('o1', 2)).when(reserve('o1', 2)).thenEmits());
  it('ignores a repeat of a reservation that was committed since', () =>
    given(...taken)
      .when(reserve('o1', 2))
      .thenEmits());
  it('is not reserved a second time in another quantity', () =>
    given(received(3), reserved('o1', 2)).when(reserve('o1', 3)).thenRejects('stock.already_reserved'));
  it('is not reserved a second time in another quantity once committed', () =>
    given(...taken)
      .when(reserve('o1', 1))
      .thenRejects('stock.already_reserved'));
  it('keeps to a refusal', () => given(refused('out_of_stock'), received(2)).when(reserve('o1', 2)).thenEmits());

  it('is released', () => given(received(2), reserved('o1', 2)).when(release).thenEmits(released));
  it('can be reserved by others once released', () =>
    given(received(2), reserved('o1', 2), released).when(reserve('o2', 2)).thenEmits(reserved('o2', 2)));
  it('ignores a repeat of a release', () => given(received(2), reserved('o1', 2), released).when(release).thenEmits());
  it('has nothing to release after a refusal', () =>
    given(received(1), refused('out_of_stock')).when(release).thenEmits());
  it('records a release that overtakes its reserve', () =>
    given(received(2)).when(release).thenEmits(refused('released')));
  it('refuses the reserve that was overtaken', () =>
    given(received(2), refused('released')).when(reserve('o1', 2)).thenEmits());
  it('is not reserved again once released', () =>
    given(received(2), reserved('o1', 2), released).when(reserve('o1', 2)).thenRejects('stock.reservation_closed'));

  it('is committed', () => given(received(2), reserved('o1', 2)).when(commit).thenEmits(committed));
  it('ignores a repeat of a commit', () => given(received(2), reserved('o1', 2), committed).when(commit).thenEmits());
  it('is gone once committed', () =>
    given(received(2), reserved('o1', 2), committed)
      .when(reserve('o2', 1))
      .thenEmits({
        type: 'ReservationRefused',
        data: { productId, orderId: 'o2', reason: 'out_of_stock' },
      }));
  it('is not committed without a reservation', () => given(received(2)).when(commit).thenRejects('stock.not_reserved'));
  it('is not committed once released', () =>
    given(received(2), reserved('o1', 2), released).when(commit).thenRejects('stock.not_reserved'));
  it('is not committed once refused', () =>
    given(received(2), refused('released')).when(commit).thenRejects('stock.not_reserved'));
  it('is not released once committed', () =>
    given(received(2), reserved('o1', 2), committed).when(release).thenRejects('stock.reservation_closed'));

  it('is returned', () =>
    given(...taken)
      .when(giveBack)
      .thenEmits(returned));
  it('ignores a repeat of a return', () =>
    given(...taken, returned)
      .when(giveBack)
      .thenEmits());
  it('can be reserved by others once returned', () =>
    given(...taken, returned)
      .when(reserve('o2', 2))
      .thenEmits(reserved('o2', 2)));
  it.each([
    ['it is unknown', []],
    ['it is open', [reserved('o1', 2)]],
    ['it was released', [reserved('o1', 2), released]],
    ['it was refused', [refused('out_of_stock')]],
  ] as const)('is not returned where the reservation took nothing: %s', (_case, history) =>
    given(received(2), ...history)
      .when(giveBack)
      .thenRejects('stock.not_committed'),
  );
  it('is not returned beyond the upper bound', () =>
    given(...taken, received(mostPieces))
      .when(giveBack)
      .thenRejects('stock.too_large'));
  it('is not committed again once returned', () =>
    given(...taken, returned)
      .when(commit)
      .thenRejects('stock.not_reserved'));
  it('is not released once returned', () =>
    given(...taken, returned)
      .when(release)
      .thenRejects('stock.reservation_closed'));
  it('is not reserved again once returned', () =>
    given(...taken, returned)
      .when(reserve('o1', 2))
      .thenRejects('stock.reservation_closed'));
});

describe('the answer to a reservation', () => {
  const after = (...events: StockEvent[]) => reservationOutcome(events.reduce(stock.evolve, stock.initial), 'o1');
  it('says that it was made', () => expect(after(received(2), reserved('o1', 2))).toEqual({ reserved: true }));
  it.each(['out_of_stock', 'released'] as const)('says why it was refused: %s', (reason) =>
    expect(after(refused(reason))).toEqual({ reserved: false, reason }),
  );
});
