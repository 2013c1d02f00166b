import type { Decider } from '../shared/decider.js';
import { DomainError } from '../shared/errors.js';
import { isSameMoney } from '../shared/money.js';
import type { ProductCommand, ProductData } from './commands.js';
import type { ProductEvent } from './events.js';

export type Product = Readonly<{ status: 'none' }> | (ProductData & Readonly<{ status: 'offered' }>);

const decide = ({ type, data }: ProductCommand, product: Product): readonly ProductEvent[] => {
  switch (type) {
    case 'AddProduct':
      if (product.status !== 'none') throw new DomainError('product.already_added', `${data.productId} exists`);
      return [{ type: 'ProductAdded', data }];
    case 'ChangeProduct':
      if (product.status === 'none') throw new DomainError('product.not_found', `There is no ${data.productId}`);
      return [...descriptionChange(data, product), ...priceChange(data, product)];
  }
};

const evolve = (product: Product, { type, data }: ProductEvent): Product => {
  if (type === 'ProductAdded') return { status: 'offered', ...data };
  return product.status === 'none' ? product : { ...product, ...data };
};

const descriptionChange = ({ price, ...wanted }: ProductData, product: ProductData): ProductEvent[] => {
  const same =
    wanted.sku === product.sku &&
    wanted.name === product.name &&
    wanted.description === product.description &&
    wanted.categories.join() === product.categories.join();
  return same ? [] : [{ type: 'ProductChanged', data: wanted }];
};

const priceChange = ({ productId, price }: ProductData, product: ProductData): ProductEvent[] =>
  isSameMoney(price, product.price) ? [] : [{ type: 'PriceChanged', data: { productId, price } }];

export const product: Decider<Product, ProductCommand, ProductEvent> = { initial: { status: 'none' }, decide, evolve };
