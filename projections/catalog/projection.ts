import type { ProductEvent } from '../../domains/catalog/events.js';
import type { StockEvent } from '../../domains/inventory/events.js';
import type { Money } from '../../domains/shared/money.js';
import type { Projection } from '../shared/projection.js';

/** A product as the shop shows it. */
export type ProductView = Readonly<{
  id: string;
  sku: string;
  name: string;
  description: string;
  price: Money;
  /** Ids: their names are joined when they are shown. */
  categories: readonly string[];
  /** Pieces that can be ordered. */
  available: number;
}>;

/** Product pages of what is on offer: a product that is discontinued has none any more. */
export const catalog: Projection<ProductEvent | StockEvent, ProductView> = {
  name: 'catalog',
  version: 1,
  store: 'mongodb',
  categories: ['product', 'stock'],
  key: ({ data }) => data.productId,
  project: (event, row) => (event.type === 'ProductAdded' ? added(event.data, row) : row && after(event, row)),
};

const added = (
  { productId, sku, name, description, price, categories }: Extract<ProductEvent, { type: 'ProductAdded' }>['data'],
  row: ProductView | undefined,
): ProductView => ({ id: productId, sku, name, description, price, categories, available: row?.available ?? 0 });

const after = ({ type, data }: ProductEvent | StockEvent, row: ProductView): ProductView | null => {
  switch (type) {
    case 'ProductChanged': {
      const { sku, name, description, categories } = data;
      return { ...row, sku, name, description, categories };
    }
    case 'PriceChanged':
      return { ...row, price: data.price };
    case 'ProductDiscontinued':
      return null;
    case 'StockReceived':
    case 'StockReturned':
    case 'ReservationReleased':
      return { ...row, available: row.available + data.quantity };
    case 'StockAdjusted':
      return { ...row, available: row.available + data.delta };
    case 'StockReserved':
      return { ...row, available: row.available - data.quantity };
    // What is committed was not available before either.
    case 'ReservationCommitted':
    case 'ReservationRefused':
    case 'ProductAdded':
    case 'SkuClaimAbandoned':
      return row;
  }
};
