import { DomainError } from '../shared/errors.js';
import type { Aggregate, CommandDefinition, QuestionDefinition, Service, Step } from '../shared/service.js';
import {
  parsePricesQuestion,
  parseProduct,
  type ProductCommand,
  type ProductData,
  type SkuCommand,
} from './commands.js';
import { productEvents, skuEvents, type ProductEvent, type SkuEvent } from './events.js';
import { product, type Product } from './product.js';
import { sku, type Sku } from './sku.js';
import { productUpcasters, skuUpcasters } from './upcasters.js';

const productAggregate: Aggregate<Product, ProductCommand, ProductEvent> = {
  category: 'product',
  decider: product,
  events: productEvents,
  upcasters: productUpcasters,
};
const skuAggregate: Aggregate<Sku, SkuCommand, SkuEvent> = {
  category: 'sku',
  decider: sku,
  events: skuEvents,
  upcasters: skuUpcasters,
};

const skuStep = (type: SkuCommand['type'], id: string, productId: string): Step => ({
  aggregate: skuAggregate,
  id,
  command: { type, data: { productId } },
});

const productStep = (type: ProductCommand['type'], data: ProductData): Step => ({
  aggregate: productAggregate,
  id: data.productId,
  command: { type, data },
});

const addProduct: CommandDefinition<ProductData> = {
  parse: parseProduct,
  steps: (data) => [skuStep('ClaimSku', data.sku, data.productId), productStep('AddProduct', data)],
};

/** A new SKU is claimed before the product takes it, and the old one released after. */
const changeProduct: CommandDefinition<ProductData> = {
  parse: parseProduct,
  asks: ({ productId }) => ({
    offers: { context: 'catalog', question: 'pricesOf', data: { productIds: [productId] } },
  }),
  steps: (data, { offers }) => {
    const [current] = offers as readonly (Offer | null)[];
    if (!current) throw new DomainError('product.not_found', `There is no product ${data.productId}`);
    const change = productStep('ChangeProduct', data);
    if (current.sku === data.sku) return [change];
    return [skuStep('ClaimSku', data.sku, data.productId), change, skuStep('ReleaseSku', current.sku, data.productId)];
  },
};

type PricesQuestion = Readonly<{ productIds: readonly string[] }>;
type Offer = Pick<ProductData, 'productId' | 'sku' | 'name' | 'price'>;

/** What each product is sold for now, in the order asked; `null` where it is not sold. */
const pricesOf: QuestionDefinition<PricesQuestion> = {
  parse: parsePricesQuestion,
  reads: ({ productIds }) => productIds.map((id) => ({ aggregate: productAggregate, id })),
  answer: (products: readonly Product[]): readonly (Offer | null)[] =>
    products.map((found) => {
      if (found.status === 'none') return null;
      const { productId, sku, name, price } = found;
      return { productId, sku, name, price };
    }),
};

export const catalog: Service = {
  context: 'catalog',
  aggregates: [productAggregate, skuAggregate],
  commands: { AddProduct: addProduct, ChangeProduct: changeProduct },
  questions: { pricesOf },
  policies: [],
};
