import type { Aggregate } from '../shared/service.js';
import { category, type Category } from './category.js';
import type { CategoryCommand, ProductCommand, SkuCommand } from './commands.js';
import {
  categoryEvents,
  productEvents,
  skuEvents,
  type CategoryEvent,
  type ProductEvent,
  type SkuEvent,
} from './events.js';
import { product, type Product } from './product.js';
import { sku, type Sku } from './sku.js';
import { categoryUpcasters, productUpcasters, skuUpcasters } from './upcasters.js';

/** Streams `product-<productId>`. */
export const productAggregate: Aggregate<Product, ProductCommand, ProductEvent> = {
  category: 'product',
  readMostly: true,
  decider: product,
  events: productEvents,
  upcasters: productUpcasters,
};

/** Streams `sku-<sku>`. */
export const skuAggregate: Aggregate<Sku, SkuCommand, SkuEvent> = {
  category: 'sku',
  decider: sku,
  events: skuEvents,
  upcasters: skuUpcasters,
};

/** Streams `category-<categoryId>`. */
export const categoryAggregate: Aggregate<Category, CategoryCommand, CategoryEvent> = {
  category: 'category',
  decider: category,
  events: categoryEvents,
  upcasters: categoryUpcasters,
};
