import type { CategoryEvent, ProductEvent } from '../../domains/catalog/events.js';
import type { StockEvent } from '../../domains/inventory/events.js';
import type { Money } from '../../domains/shared/money.js';
import type { Projection } from '../shared/projection.js';
import { wordsOf } from './words.js';

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

/** A category as the shop shows it. */
export type CategoryView = Readonly<{ id: string; name: string; parentId: string | null }>;

/** `words`: what a product is found by. */
export type ProductRow = ProductView & Readonly<{ kind: 'product'; words: readonly string[] }>;
export type CategoryRow = CategoryView & Readonly<{ kind: 'category' }>;
export type CatalogRow = ProductRow | CategoryRow;

/** Pages of the products on offer, of which one that is discontinued has none any more, and the categories. */
export const catalog: Projection<ProductEvent | CategoryEvent | StockEvent, CatalogRow> = {
  name: 'catalog',
  version: 2,
  store: 'mongodb',
  categories: ['product', 'category', 'stock'],
  key: ({ data }) => ('categoryId' in data ? data.categoryId : data.productId),
  project: (event, row) => {
    if (event.type === 'CategoryAdded' || event.type === 'CategoryRenamed')
      return row?.kind === 'product' ? row : category(event, row);
    if (row?.kind === 'category') return row;
    return event.type === 'ProductAdded' ? added(event.data, row) : row && after(event, row);
  },
};

const category = ({ type, data }: CategoryEvent, row: CategoryRow | undefined): CategoryRow | undefined => {
  if (type === 'CategoryRenamed') return row && { ...row, name: data.name };
  const { categoryId, name, parentId } = data;
  return { kind: 'category', id: categoryId, name, parentId };
};

const added = (
  { productId, sku, name, description, price, categories }: Extract<ProductEvent, { type: 'ProductAdded' }>['data'],
  row: ProductRow | undefined,
): ProductRow => ({
  kind: 'product',
  id: productId,
  sku,
  name,
  words: wordsOf(name),
  description,
  price,
  categories,
  available: row?.available ?? 0,
});

const after = ({ type, data }: ProductEvent | StockEvent, row: ProductRow): ProductRow | null => {
  switch (type) {
    case 'ProductChanged': {
      const { sku, name, description, categories } = data;
      return { ...row, sku, name, words: wordsOf(name), description, categories };
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
