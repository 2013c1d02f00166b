import { everyAggregate } from '../../domains/contexts.js';
import type { RunningProjections } from '../runner/runner.js';
import { asContextsRead, runViews } from '../runner/testing/run-views.js';
import { asItIs, freshAs, startReadSide, type ReadSide } from '../shared/testing/read-side.js';
import { catalogIndexes } from './indexes.js';
import { catalog } from './projection.js';
import { createCatalogQueries, type CatalogQueries, type ProductFilter } from './queries.js';

let readSide: ReadSide;
let queries: CatalogQueries;
let view: RunningProjections;

const products = [
  { productId: 'p1', name: 'Blue mug', amount: 450, categories: ['cups'] },
  { productId: 'p2', name: 'Red mug (large)', amount: 650, categories: ['cups', 'large'] },
  { productId: 'p3', name: 'Élan e-bike', amount: 99_900, categories: ['bikes'] },
  { productId: 'p4', name: 'Blue mug', amount: 450, categories: ['cups'] },
  { productId: 'p5', name: 'Smuggler C++', amount: 3_000_000_000, categories: [] },
];
const add = ({ productId, name, amount, categories }: (typeof products)[number]) => {
  const price = { amount, currency: 'EUR' };
  const data = { productId, sku: `S-${productId}`, name, description: '', categories, price };
  return readSide.append(`product-${productId}`, { type: 'ProductAdded', data });
};

beforeAll(async () => {
  readSide = await startReadSide();
  queries = createCatalogQueries(readSide.mongo);
  view = runViews(readSide, [{ view: catalog, indexes: catalogIndexes }], { read: asContextsRead(everyAggregate) });
  let last = 0n;
  for (const product of products) last = await add(product);
  await queries.byId('p1', freshAs('product', last));
});

afterAll(async () => {
  await view.stop();
  await readSide.stop();
});

const idsOf = async (filter: ProductFilter, limit = 9) =>
  (await queries.list(filter, { limit }, asItIs)).items.map(({ id }) => id);

describe('the catalog', () => {
  it('shows a product as fresh as a token asks', async () => {
    const data = { productId: 'p1', quantity: 7, reference: null };
    const received = await readSide.append('stock-p1', { type: 'StockReceived', data });
    expect((await queries.byId('p1', freshAs('stock', received)))?.item).toEqual({
      id: 'p1',
      sku: 'S-p1',
      name: 'Blue mug',
      description: '',
      price: { amount: 450, currency: 'EUR' },
      categories: ['cups'],
      available: 7,
    });
  });

  it('is behind when the position does not come in time', () =>
    expect(queries.byId('p1', { after: new Map([['stock', 1n << 60n]]), waitMs: 30 })).rejects.toMatchObject({
      code: 'view.behind',
    }));

  it('knows nothing of others', async () => expect(await queries.byId('nobody', asItIs)).toBeNull());

  it.each<[string, ProductFilter, string[]]>([
    ['by name', {}, ['p1', 'p4', 'p2', 'p5', 'p3']],
    ['by name, backwards', { sort: '-name' }, ['p3', 'p5', 'p2', 'p4', 'p1']],
    ['by price', { sort: 'price' }, ['p1', 'p4', 'p2', 'p3', 'p5']],
    ['by price, backwards', { sort: '-price' }, ['p5', 'p3', 'p2', 'p4', 'p1']],
    ['of a category', { category: 'cups' }, ['p1', 'p4', 'p2']],
    ['from a price on', { minPrice: 650 }, ['p2', 'p5', 'p3']],
    ['up to a price', { maxPrice: 650 }, ['p1', 'p4', 'p2']],
    ['by the beginning of a word', { q: 'MUG' }, ['p1', 'p4', 'p2']],
    ['by the beginnings of words in any order', { q: ' mu  bl ' }, ['p1', 'p4']],
    ['by a word behind a hyphen', { q: 'bike' }, ['p3']],
    ['by a word with an accent', { q: 'éla' }, ['p3']],
    ['by what is no regular expression', { q: 'c++' }, ['p5']],
    ['by what would be one', { q: '.*' }, []],
    ['by NUL', { q: '\0' }, ['p1', 'p4', 'p2', 'p5', 'p3']],
  ])('is listed %s', async (_, filter, expected) => expect(await idsOf(filter)).toEqual(expected));

  it.each(['name', '-name', 'price', '-price'] as const)('is listed page by page without gaps, by %s', async (sort) => {
    const whole = await idsOf({ sort });
    const paged: string[] = [];
    for (let cursor: string | null | undefined; cursor !== null;) {
      const page = await queries.list({ sort }, { limit: 2, cursor }, asItIs);
      paged.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor;
    }
    expect(paged).toEqual(whole);
  });

  it('shifts no page when a product is added', async () => {
    const first = await queries.list({}, { limit: 2 }, asItIs);
    const position = await add({ productId: 'p6', name: 'A mug', amount: 1, categories: ['new'] });
    const cursor = first.nextCursor ?? undefined;
    const second = await queries.list({}, { limit: 2, cursor }, freshAs('product', position));
    expect(second.items.map(({ id }) => id)).toEqual(['p2', 'p5']);
    expect(await idsOf({}, 1)).toEqual(['p6']);
  });

  it('refuses a cursor of another sort', async () => {
    const { nextCursor } = await queries.list({ sort: 'name' }, { limit: 1 }, asItIs);
    const page = { limit: 1, cursor: nextCursor ?? undefined };
    await expect(queries.list({ sort: '-name' }, page, asItIs)).rejects.toMatchObject({
      code: 'request.invalid_cursor',
    });
    await expect(queries.list({ sort: 'price' }, page, asItIs)).rejects.toMatchObject({
      code: 'request.invalid_cursor',
    });
  });

  it('shows changes that were stored in their first version', async () => {
    const product = { productId: 'p8', name: 'Old mug', amount: 500, categories: ['old'] };
    const description = { productId: 'p8', sku: 'S-8', name: 'Older mug', description: 'Cracked', categories: ['old'] };
    const price = { amount: 300, currency: 'EUR' };
    await add(product);
    await readSide.append('product-p8', { type: 'ProductChanged', data: description });
    const position = await readSide.append('product-p8', { type: 'PriceChanged', data: { productId: 'p8', price } });
    const { productId: id, ...shown } = description;
    expect((await queries.byId('p8', freshAs('product', position)))?.item).toEqual({
      id,
      ...shown,
      price,
      available: 0,
    });
  });

  it('knows a discontinued product no more', async () => {
    await add({ productId: 'p9', name: 'Last mug', amount: 1, categories: ['gone'] });
    const position = await readSide.append('product-p9', { type: 'ProductDiscontinued', data: { productId: 'p9' } });
    expect(await queries.byId('p9', freshAs('product', position))).toBeNull();
    expect(await idsOf({ category: 'gone' })).toEqual([]);
  });

  it('holds a name that the store cannot hold as it is', async () => {
    const position = await add({ productId: 'p7', name: 'Nul\0 \ud800', amount: 1, categories: [] });
    expect((await queries.byId('p7', freshAs('product', position)))?.item).toMatchObject({ name: 'Nul\uFFFD \uFFFD' });
  });
});
