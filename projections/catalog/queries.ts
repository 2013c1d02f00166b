import type { Filter } from 'mongodb';
import type { Mongo } from '../../infra/mongo/mongo.js';
import { decodeCursor, invalidCursor, pageOf } from '../shared/cursor.js';
import { readMongoView, watermarkOf, type ViewDocument } from '../shared/mongo-view.js';
import type { Found, Freshness, Page, PageRequest } from '../shared/queries.js';
import {
  catalog,
  type CatalogRow,
  type CategoryRow,
  type CategoryView,
  type ProductRow,
  type ProductView,
} from './projection.js';
import { wordsOf } from './words.js';

export type { CategoryView, ProductView } from './projection.js';

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
  /** The products of these ids that are on offer, by their ids. */
  byIds: (ids: readonly string[], freshness: Freshness) => Promise<ReadonlyMap<string, ProductView>>;
  /** By name unless sorted otherwise. @throws DomainError `request.invalid_cursor` */
  list: (filter: ProductFilter, page: PageRequest, freshness: Freshness) => Promise<Page<ProductView>>;
  /** By name. @throws DomainError `request.invalid_cursor` */
  categories: (page: PageRequest, freshness: Freshness) => Promise<Page<CategoryView>>;
}>;

/** The categories whose events change what the catalog shows. */
export const catalogCategories = catalog.categories;

/** The position up to which the catalog shows everything; `null` before its first events. Throws as the queries do. */
export const catalogWatermark = (mongo: Mongo): Promise<bigint | null> => watermarkOf(mongo, catalog);

/** Throws as `readMongoView` does. */
export const createCatalogQueries = (mongo: Mongo): CatalogQueries => {
  const rows = readMongoView<CatalogRow>(mongo, catalog);
  return {
    byId: async (id, freshness) => {
      const found = await rows.byKey(id, freshness);
      return found && isProduct(found.item) ? { item: shownProduct(found.item), etag: found.etag } : null;
    },
    byIds: async (ids, freshness) => {
      const found = await rows.byKeys(ids, freshness);
      return new Map(found.filter(isProduct).map((row) => [row.id, shownProduct(row)]));
    },
    list: async ({ sort = 'name', ...filter }, page, freshness) => {
      const { path, direction, valueOf } = orders[sort];
      const found = await rows.find(
        { $and: [{ 'row.kind': 'product' }, ...matching(filter), ...afterCursor(sort, page)] },
        { sort: { [path]: direction, _id: direction }, limit: page.limit + 1 },
        freshness,
      );
      return pageOf(found.filter(isProduct).map(shownProduct), page, (product) => [sort, valueOf(product), product.id]);
    },
    categories: async (page, freshness) => {
      const found = await rows.find(
        { $and: [{ 'row.kind': 'category' }, ...afterCursor('name', page)] },
        { sort: { 'row.name': 1, _id: 1 }, limit: page.limit + 1 },
        freshness,
      );
      return pageOf(found.filter(isCategory).map(shownCategory), page, ({ name, id }) => ['name', name, id]);
    },
  };
};

const isProduct = (row: CatalogRow): row is ProductRow => row.kind === 'product';
const isCategory = (row: CatalogRow): row is CategoryRow => row.kind === 'category';

const shownProduct = ({ id, sku, name, description, price, categories, available }: ProductRow): ProductView => ({
  id,
  sku,
  name,
  description,
  price,
  categories,
  available,
});

const shownCategory = ({ id, name, parentId }: CategoryRow): CategoryView => ({ id, name, parentId });

type Condition = Filter<ViewDocument<CatalogRow>>;

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

const matching = ({ category, q = '', minPrice, maxPrice }: Omit<ProductFilter, 'sort'>): Condition[] => [
  ...(category === undefined ? [] : [{ 'row.categories': category }]),
  ...(minPrice === undefined ? [] : [{ 'row.price.amount': { $gte: minPrice } }]),
  ...(maxPrice === undefined ? [] : [{ 'row.price.amount': { $lte: maxPrice } }]),
  ...(q.trim() === '' ? [] : matchingWords(wordsOf(q))),
];

/** A word has no character that a regular expression gives a meaning to; where `q` has no word, nothing has all of it. */
const matchingWords = (words: readonly string[]): Condition[] =>
  words.length === 0 ? [{ _id: { $in: [] } }] : words.map((word) => ({ 'row.words': { $regex: `^${word}` } }));

const afterCursor = (sort: ProductSort, { cursor }: PageRequest): Condition[] => {
  if (cursor === undefined) return [];
  const { path, kind, direction } = orders[sort];
  const [sortThen, value, id] = decodeCursor(cursor, ['string', kind, 'string']);
  if (sortThen !== sort) throw invalidCursor();
  const beyond = direction === 1 ? '$gt' : '$lt';
  return [{ $or: [{ [path]: { [beyond]: value } }, { [path]: value, _id: { [beyond]: id } }] }];
};
