import { asItIs, freshAs } from '../shared/testing/read-side.js';
import { startCatalogView, type RunningCatalog } from './testing/catalog-view.js';

let view: RunningCatalog;

beforeAll(async () => {
  view = await startCatalogView();
  await view.addCategory('cups', 'Cups', null);
  await view.addCategory('large', 'Ömmes', 'cups');
  await view.addCategory('bikes', 'Bikes', null);
  const last = await view.addProduct({ productId: 'p1', name: 'Cups', amount: 450, categories: ['cups'] });
  await view.queries.byId('p1', freshAs('product', last));
});

afterAll(() => view.stop());

describe('the categories', () => {
  const pageOf = (limit: number, cursor?: string | null) =>
    view.queries.categories({ limit, cursor: cursor ?? undefined }, asItIs);

  it('are listed by name, apart from the products', async () => {
    expect(await pageOf(9)).toEqual({
      items: [
        { id: 'bikes', name: 'Bikes', parentId: null },
        { id: 'cups', name: 'Cups', parentId: null },
        { id: 'large', name: 'Ömmes', parentId: 'cups' },
      ],
      nextCursor: null,
    });
    expect(await view.queries.byId('cups', asItIs)).toBeNull();
    const { items } = await view.queries.list({}, { limit: 9 }, asItIs);
    expect(items.map(({ id }) => id)).toEqual(['p1']);
  });

  it('are listed page by page', async () => {
    const first = await pageOf(2);
    expect(first.items.map(({ id }) => id)).toEqual(['bikes', 'cups']);
    expect(await pageOf(2, first.nextCursor)).toMatchObject({ items: [{ id: 'large' }], nextCursor: null });
    await expect(pageOf(2, 'x')).rejects.toMatchObject({ code: 'request.invalid_cursor' });
  });

  it('are as fresh as a token asks', async () => {
    const data = { categoryId: 'bikes', name: 'Velos' };
    const position = await view.append('category-bikes', { type: 'CategoryRenamed', data });
    const { items } = await view.queries.categories({ limit: 9 }, freshAs('category', position));
    expect(items.map(({ name }) => name)).toEqual(['Cups', 'Velos', 'Ömmes']);
  });
});
