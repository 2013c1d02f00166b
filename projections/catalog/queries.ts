import type { Filter } from 'mongodb';
import type { Mongo } from '../../infra/mongo/mongo.js';
import { decodeCursor, invalidCursor, pageOf } from '../shared/cursor.js';
import { readMongoView, type ViewDocument } from '../shared/mongo-view.js';
import type { Found, Freshness, Page, PageRequest } from '../shared/queries.js';
import { catalog, type ProductView } from './projection.js';

export type { ProductView } from './projection.js';

export type ProductSort = 'name' | '-name' | 'price' | '-price';

/** Prices are in minor units, both ends included; `q` is what words of the name begin with. */
export type ProductFilter = Readonly<{
  category?: string | undefined;
  q?: string | undefined;
  minPrice?: number | undefined;
  maxPrice?: number | undefined;
  sort?: ProductSort | undefined;
}>;

export type CatalogQueries = Readonly<{
  byId: (id: string, freshness: Freshness) => Promise<Found<ProductView> | null>;
  /** By name unless sorted otherwise. @throws DomainError `request.invalid_cursor` */
  list: (filter: ProductFilter, page: PageRequest, freshness: Freshness) => Promise<Page<ProductView>>;
}>;

/** Throws as `readMongoView` does. */
export const createCatalogQueries = (mongo: Mongo): CatalogQueries => {
  const products = readMongoView<ProductView>(mongo, catalog);
  return {
    byId: products.byKey,
    list: async ({ sort = 'name', ...filter }, page, freshness) => {
      const { path, direction, valueOf } = orders[sort];
      const conditions = [...matching(filter), ...afterCursor(sort, page)];
      const found = await products.find(
        conditions.length === 0 ? {} : { $and: conditions },
        { sort: { [path]: direction, _id: direction }, limit: page.limit + 1 },
        freshness,
      );
      return pageOf(found, page, (product) => [sort, valueOf(product), product.id]);
    },
  };
};

type Condition = Filter<ViewDocument<ProductView>>;

const byName = { path: 'row.name', kind: 'string', valueOf: ({ name }: ProductView) => name } as const;
const byPrice = {
  path: 'row.price.amount',
  kind: 'number',
  valueOf: ({ price }: ProductView) => price.amount,
} as const;
const orders = {
  name: { ...byName, direction: 1 },
  '-name': { ...byName, direction: -1 },
  price: { ...byPrice, direction: 1 },
  '-price': { ...byPrice, direction: -1 },
} as const;

const matching = ({ category, q, minPrice, maxPrice }: Omit<ProductFilter, 'sort'>): Condition[] => [
  ...(category === undefined ? [] : [{ 'row.categories': category }]),
  ...(minPrice === undefined ? [] : [{ 'row.price.amount': { $gte: minPrice } }]),
  ...(maxPrice === undefined ? [] : [{ 'row.price.amount': { $lte: maxPrice } }]),
  ...wordsOf(q).map((word) => ({ 'row.name': { $regex: beginningOfWord(word), $options: 'i' } })),
];

const wordsOf = (q = '') => q.split(/[\s\0]+/).filter((word) => word !== '');

/** Both PCRE (MongoDB) and RE2 (FerretDB) read it; their own `\b` knows only ASCII letters. */
const beginningOfWord = (word: string) => `(^|[^\\p{L}\\p{N}])${word.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')}`;

const afterCursor = (sort: ProductSort, { cursor }: PageRequest): Condition[] => {
  if (cursor === undefined) return [];
  const { path, kind, direction } = orders[sort];
  const [sortThen, value, id] = decodeCursor(cursor, ['string', kind, 'string']);
  if (sortThen !== sort) throw invalidCursor();
  const beyond = direction === 1 ? '$gt' : '$lt';
  return [{ $or: [{ [path]: { [beyond]: value } }, { [path]: value, _id: { [beyond]: id } }] }];
};
