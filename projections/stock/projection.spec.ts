import type { ProductEvent } from '../../domains/catalog/events.js';
import type { StockEvent } from '../../domains/inventory/events.js';
import { rowAfterFor } from '../shared/testing/rows.js';
import { stock } from './projection.js';

const productId = 'p1';
const added: ProductEvent = {
  type: 'ProductAdded',
  data: { productId, sku: 'S', name: 'Mug', description: '', categories: [], price: { amount: 1, currency: 'EUR' } },
};
const received: StockEvent = { type: 'StockReceived', data: { productId, quantity: 10, reference: null } };
const adjusted: StockEvent = { type: 'StockAdjusted', data: { productId, delta: -3, reason: 'broken' } };
const reserved: StockEvent = { type: 'StockReserved', data: { productId, orderId: 'o1', quantity: 4 } };
const released: StockEvent = { type: 'ReservationReleased', data: { productId, orderId: 'o1', quantity: 4 } };
const committed: StockEvent = { type: 'ReservationCommitted', data: { productId, orderId: 'o1', quantity: 4 } };
const returned: StockEvent = { type: 'StockReturned', data: { productId, orderId: 'o1', quantity: 4 } };
const discontinued: ProductEvent = { type: 'ProductDiscontinued', data: { productId } };
const abandoned: ProductEvent = { type: 'SkuClaimAbandoned', data: { productId, claimId: 'c2' } };
const refused: StockEvent = { type: 'ReservationRefused', data: { productId, orderId: 'o1', reason: 'out_of_stock' } };

const rowAfter = rowAfterFor(stock);

describe('the stock of a product', () => {
  it.each([
    ['a new product', [added], 0, 0],
    ['a receipt', [added, received], 10, 0],
    ['a receipt of a product that was not heard of', [received], 10, 0],
    ['an adjustment', [received, adjusted], 7, 0],
    ['a reservation', [received, reserved], 10, 4],
    ['a refused reservation', [received, refused], 10, 0],
    ['a release', [received, reserved, released], 10, 0],
    ['a commit', [received, reserved, committed], 6, 0],
    ['a return', [received, reserved, committed, returned], 10, 0],
    ['its product is discontinued', [added, received, reserved, discontinued], 10, 4],
    ['a claim that was given up', [added, received, abandoned], 10, 0],
    ['a product that comes after its stock', [received, added], 10, 0],
  ] as const)('after %s', (_, events, onHand, reservedPieces) =>
    expect(rowAfter(...events)).toEqual({ productId, onHand, reserved: reservedPieces }),
  );
});
