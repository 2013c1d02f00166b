import { asItIs, freshAs } from '../shared/testing/read-side.js';
import type { ProductFilter } from './queries.js';
import { startCatalogView, type ExampleProduct, type RunningCatalog } from './testing/catalog-view.js';

let view: RunningCatalog;

const products: readonly ExampleProduct[] = [
  { productId: 'p1', name: 'Blue mug', amount: 450, categories: ['cups'] },
  { productId: 'p2', name: 'Red mug (large)', amount: 650, categories: ['cups', 'large'] },
  { productId: 'p3', name: 'Élan e-bike', amount: 99_900, categories: ['bikes'] },
  { productId: 'p4', name: 'Blue mug', amount: 450, categories: ['cups'] },
  { productId: 'p5', name: 'Smuggler C++', amount: 3_000_000_000, categories: [] },
];

beforeAll(async () => {
  view = await startCatalogView();
  await view.addCategory('cups', 'Cups', null);
  let last = 0n;
  for (const product of products) last = await view.addProduct(product);
  await view.queries.byId('p1', freshAs('product', last));
});

afterAll(() => view.stop());

const idsOf = async (filter: ProductFilter, limit = 9) =>
  (await view.queries.list(filter, { limit }, asItIs)).items.map(({ id }) => id);

describe('the catalog', () => {
  it('shows a product as fresh as a token asks', async () => {
    const data = { productId: 'p1', quantity: 7, reference: null };
    const received = await view.append('stock-p1', { type: 'StockReceived', data });
    expect((await view.queries.byId('p1', freshAs('stock', received)))?.item).toEqual({
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
    expect(view.queries.byId('p1', { after: new Map([['stock', 1n << 60n]]), waitMs: 30 })).rejects.toMatchObject({
      code: 'view.behind',
    }));

  it('knows nothing of others', async () => expect(await view.queries.byId('nobody', asItIs)).toBeNull());

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
    ['by words with signs around them', { q: '(large) & red' }, ['p2']],
    ['by a word with another accent', { q: 'ela' }, []],
    ['by nothing', { q: '  ' }, ['p1', 'p4', 'p2', 'p5', 'p3']],
    ['by what would be a regular expression', { q: '.*' }, []],
    ['by half of one', { q: '(' }, []],
    ['by a word inside of another', { q: 'ug' }, []],
    ['by NUL', { q: '\0' }, []],
    ['by words, filtered and sorted', { q: 'mug', category: 'cups', minPrice: 500, sort: '-price' }, ['p2']],
  ])('is listed %s', async (_, filter, expected) => expect(await idsOf(filter)).toEqual(expected));

  it.each(['name', '-name', 'price', '-price'] as const)('is listed page by page without gaps, by %s', async (sort) => {
    const whole = await idsOf({ sort });
    const paged: string[] = [];
    for (let cursor: string | null | undefined; cursor !== null;) {
      const page = await view.queries.list({ sort }, { limit: 2, cursor }, asItIs);
      paged.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor;
    }
    expect(paged).toEqual(whole);
  });

  it('shifts no page when a product is added', async () => {
    const first = await view.queries.list({}, { limit: 2 }, asItIs);
    const position = await view.addProduct({ productId: 'p6', name: 'A mug', amount: 1, categories: ['new'] });
    const cursor = first.nextCursor ?? undefined;
    const second = await view.queries.list({}, { limit: 2, cursor }, freshAs('product', position));
    expect(second.items.map(({ id }) => id)).toEqual(['p2', 'p5']);
    expect(await idsOf({}, 1)).toEqual(['p6']);
  });

  it('refuses a cursor of another sort', async () => {
    const { nextCursor } = await view.queries.list({ sort: 'name' }, { limit: 1 }, asItIs);
    const page = { limit: 1, cursor: nextCursor ?? undefined };
    await expect(view.queries.list({ sort: '-name' }, page, asItIs)).rejects.toMatchObject({
      code: 'request.invalid_cursor',
    });
    await expect(view.queries.list({ sort: 'price' }, page, asItIs)).rejects.toMatchObject({
      code: 'request.invalid_cursor',
    });
  });

  it('shows changes that were stored in their first version', async () => {
    const product = { productId: 'p8', name: 'Old mug', amount: 500, categories: ['old'] };
    const description = { productId: 'p8', sku: 'S-8', name: 'Older mug', description: 'Cracked', categories: ['old'] };
    const price = { amount: 300, currency: 'EUR' };
    await view.addProduct(product);
    await view.append('product-p8', { type: 'ProductChanged', data: description });
    const position = await view.append('product-p8', { type: 'PriceChanged', data: { productId: 'p8', price } });
    const { productId: id, ...shown } = description;
    expect((await view.queries.byId('p8', freshAs('product', position)))?.item).toEqual({
      id,
      ...shown,
      price,
      available: 0,
    });
  });

  it('knows a discontinued product no more', async () => {
    await view.addProduct({ productId: 'p9', name: 'Last mug', amount: 1, categories: ['gone'] });
    const position = await view.append('product-p9', { type: 'ProductDiscontinued', data: { productId: 'p9' } });
    expect(await view.queries.byId('p9', freshAs('product', position))).toBeNull();
    expect(await idsOf({ category: 'gone' })).toEqual([]);
  });

  it('finds a product by its new name only', async () => {
    const added = await view.addProduct({ productId: 'p10', name: 'Öl', amount: 1, categories: ['renamed'] });
    await view.queries.byId('p10', freshAs('product', added));
    expect(await idsOf({ q: 'ÖL' })).toEqual(['p10']);
    const data = { productId: 'p10', sku: 'S-p10', name: 'Ärmel 12', description: '', categories: ['renamed'] };
    const claim = { previousSku: null, claimId: 'c', previousClaimId: null };
    const position = await view.append('product-p10', { type: 'ProductChanged', data: { ...data, ...claim } });
    await view.queries.byId('p10', freshAs('product', position));
    expect(await idsOf({ q: 'ÖL' })).toEqual([]);
    expect(await idsOf({ q: 'Är 1' })).toEqual(['p10']);
  });

  it('gives products by their ids, of which some are none', async () => {
    const found = await view.queries.byIds(['p3', 'cups', 'nobody', 'p2'], asItIs);
    expect([...found.values()].map(({ id, name }) => [id, name]).sort()).toEqual([
      ['p2', 'Red mug (large)'],
      ['p3', 'Élan e-bike'],
    ]);
    expect(await view.queries.byIds([], asItIs)).toEqual(new Map());
  });

  it('holds a name that the store cannot hold as it is', async () => {
    const position = await view.addProduct({ productId: 'p7', name: 'Nul\0 \ud800', amount: 1, categories: [] });
    expect((await view.queries.byId('p7', freshAs('product', position)))?.item).toMatchObject({
      name: 'Nul\uFFFD \uFFFD',
    });
  });
});
