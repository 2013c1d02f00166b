import { everyAggregate } from '../../../domains/contexts.js';
import { readEvents } from '../../runner/read-events.js';
import { runViews } from '../../runner/testing/run-views.js';
import { startReadSide } from '../../shared/testing/read-side.js';
import { catalogIndexes } from '../indexes.js';
import { catalog } from '../projection.js';
import { createCatalogQueries } from '../queries.js';

export type ExampleProduct = Readonly<{
  productId: string;
  name: string;
  amount: number;
  categories: readonly string[];
}>;

/** Tests only. The catalog as it is kept up to date, its queries, and a writer in place of the domain. */
export const startCatalogView = async () => {
  const readSide = await startReadSide();
  const view = runViews(readSide, [{ view: catalog, indexes: catalogIndexes }], {
    read: readEvents(everyAggregate),
  });
  return {
    queries: createCatalogQueries(readSide.mongo),
    append: readSide.append,
    addProduct: ({ productId, name, amount, categories }: ExampleProduct) => {
      const price = { amount, currency: 'EUR' };
      const data = { productId, sku: `S-${productId}`, name, description: '', categories, price };
      return readSide.append(`product-${productId}`, { type: 'ProductAdded', data });
    },
    addCategory: (categoryId: string, name: string, parentId: string | null) =>
      readSide.append(`category-${categoryId}`, { type: 'CategoryAdded', data: { categoryId, name, parentId } }),
    stop: async () => {
      await view.stop();
      await readSide.stop();
    },
  };
};

export type RunningCatalog = Awaited<ReturnType<typeof startCatalogView>>;
