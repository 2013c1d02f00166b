import type { ProductEvent } from '../../domains/catalog/events.js';
import type { StockEvent } from '../../domains/inventory/events.js';
import type { Projection } from '../shared/projection.js';

/** Pieces of a product that are there, and how many of them are promised to orders. */
export type StockLevel = Readonly<{ productId: string; onHand: number; reserved: number }>;

/** Levels and reservations. Products are read so that a new one has a row before its first receipt. */
export const stock: Projection<StockEvent | ProductEvent, StockLevel> = {
  name: 'stock',
  version: 1,
  store: 'postgres',
  categories: ['stock', 'product'],
  key: ({ data }) => data.productId,
  project: (event, row) => after(event, row ?? { productId: event.data.productId, onHand: 0, reserved: 0 }),
};

const after = ({ type, data }: StockEvent | ProductEvent, level: StockLevel): StockLevel => {
  switch (type) {
    case 'StockReceived':
    case 'StockReturned':
      return { ...level, onHand: level.onHand + data.quantity };
    case 'StockAdjusted':
      return { ...level, onHand: level.onHand + data.delta };
    case 'StockReserved':
      return { ...level, reserved: level.reserved + data.quantity };
    case 'ReservationReleased':
      return { ...level, reserved: level.reserved - data.quantity };
    case 'ReservationCommitted':
      return { ...level, onHand: level.onHand - data.quantity, reserved: level.reserved - data.quantity };
    case 'ReservationRefused':
    case 'ProductAdded':
    case 'ProductChanged':
    case 'PriceChanged':
    case 'ProductDiscontinued':
    case 'SkuClaimAbandoned':
      return level;
  }
};
