import type { Claim, Usage } from '../shared/claim.js';
import type { Offer } from '../shared/line.js';
import type { QuestionDefinition } from '../shared/service.js';
import { categoryAggregate, productAggregate, skuAggregate } from './aggregates.js';
import type { Category } from './category.js';
import { parseCategoryQuestion, parsePricesQuestion, parseProductQuestion, parseSkuQuestion } from './commands.js';
import type { Product } from './product.js';
import type { Sku } from './sku.js';

/** What each product is sold for now, in the order asked; `null` where it is not sold. */
const pricesOf: QuestionDefinition<Readonly<{ productIds: readonly string[] }>> = {
  parse: parsePricesQuestion,
  reads: ({ productIds }) => productIds.map((id) => ({ aggregate: productAggregate, id })),
  answer: (products: readonly Product[]): readonly (Offer | null)[] =>
    products.map((found) => {
      if (found.status !== 'offered') return null;
      const { productId, sku, name, price } = found;
      return { productId, sku, name, price };
    }),
};

/** Whether there is such a product, be it sold now or not any more. */
const exists: QuestionDefinition<Readonly<{ productId: string }>> = {
  parse: parseProductQuestion,
  reads: ({ productId }) => [{ aggregate: productAggregate, id: productId }],
  answer: ([found]: readonly Product[]) => found?.status === 'offered' || found?.status === 'discontinued',
};

/** What `changeBasisOf` answers. */
export type ChangeBasis = Readonly<{ isOffered: boolean; usage: Usage }>;

/** What a change of a product starts from; `null` where there is no such product. */
const changeBasisOf: QuestionDefinition<Readonly<{ productId: string }>> = {
  parse: parseProductQuestion,
  reads: ({ productId }) => [{ aggregate: productAggregate, id: productId }],
  answer: ([found]: readonly Product[]): ChangeBasis | null =>
    found?.usage.inUse ? { isOffered: found.status === 'offered', usage: found.usage } : null,
};

/** The claim that stands on a SKU, or `null`. */
const claimOn: QuestionDefinition<Readonly<{ sku: string }>> = {
  parse: parseSkuQuestion,
  reads: ({ sku }) => [{ aggregate: skuAggregate, id: sku }],
  answer: ([found]: readonly Sku[]): Claim | null => found?.claim ?? null,
};

/** Whether there is such a category. */
const categoryExists: QuestionDefinition<Readonly<{ categoryId: string }>> = {
  parse: parseCategoryQuestion,
  reads: ({ categoryId }) => [{ aggregate: categoryAggregate, id: categoryId }],
  answer: ([found]: readonly Category[]) => found !== undefined && found.name !== null,
};

export const questions = { pricesOf, exists, changeBasisOf, claimOn, categoryExists };
