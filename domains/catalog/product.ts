import { abandoning, keepingName, takingName, unused, uses, type Usage } from '../shared/claim.js';
import type { Decider } from '../shared/decider.js';
import { DomainError } from '../shared/errors.js';
import { isSameMoney } from '../shared/money.js';
import type { AbandonSkuClaim, ChangeProduct, ProductCommand, ProductData } from './commands.js';
import type { ProductEvent } from './events.js';

/** A product. `abandoned`: the claim to its SKU was given up before it was added. `usage` tells its SKUs. */
export type Product =
  | Readonly<{ status: 'none' | 'abandoned'; usage: Usage }>
  | (ProductData & Readonly<{ status: 'offered' | 'discontinued'; usage: Usage }>);

type Added = Extract<Product, ProductData>;

const decide = ({ type, data }: ProductCommand, product: Product): readonly ProductEvent[] => {
  switch (type) {
    case 'AddProduct':
      if (product.status === 'abandoned') throw abandoned();
      if (isAdded(product)) throw new DomainError('product.already_added', `${data.productId} exists`);
      return [{ type: 'ProductAdded', data }];
    case 'ChangeProduct':
      if (!isAdded(product)) throw notFound(data.productId);
      return changeProduct(data, product);
    case 'DiscontinueProduct':
      if (!isAdded(product)) throw notFound(data.productId);
      if (product.status === 'discontinued') return [];
      return [{ type: 'ProductDiscontinued', data: { productId: data.productId } }];
    case 'AbandonSkuClaim':
      return abandonSkuClaim(data, product);
  }
};

const changeProduct = (
  { claimId, basis, ...wanted }: ChangeProduct['data'],
  product: Added,
): readonly ProductEvent[] => {
  const { usage } = product;
  if (usage.changes.includes(claimId)) return [];
  if (product.status === 'discontinued')
    throw new DomainError('product.discontinued', `${wanted.productId} is discontinued`);
  if (usage.abandoned.includes(claimId)) throw abandoned();
  if (usage.inUse?.claimId !== basis)
    throw new DomainError('command.conflict', 'The SKU was changed in the meantime; send it again');
  return [...descriptionChange(wanted, product, claimId), ...priceChange(wanted, product, claimId)];
};

const descriptionChange = ({ price, ...wanted }: ProductData, product: Added, claimId: string): ProductEvent[] => {
  const same =
    wanted.sku === product.sku &&
    wanted.name === product.name &&
    wanted.description === product.description &&
    wanted.categories.join() === product.categories.join();
  if (same) return [];
  const previous = { previousSku: product.sku, previousClaimId: product.usage.inUse?.claimId ?? null };
  return [{ type: 'ProductChanged', data: { ...wanted, ...previous, claimId } }];
};

const priceChange = ({ productId, price }: ProductData, product: Added, claimId: string): ProductEvent[] =>
  isSameMoney(price, product.price) ? [] : [{ type: 'PriceChanged', data: { productId, price, claimId } }];

const abandonSkuClaim = (
  { productId, claimId, sku }: AbandonSkuClaim['data'],
  { usage }: Product,
): readonly ProductEvent[] => {
  if (uses(usage, sku, claimId)) throw new DomainError('product.sku_taken', 'The SKU is in use');
  if (usage.abandoned.includes(claimId)) return [];
  return [{ type: 'SkuClaimAbandoned', data: { productId, claimId } }];
};

const evolve = (product: Product, { type, data }: ProductEvent): Product => {
  if (type === 'ProductAdded') {
    const inUse = { name: data.sku, claimId: data.productId };
    return { ...data, status: 'offered', usage: { ...product.usage, inUse } };
  }
  if (type === 'SkuClaimAbandoned') {
    const usage = abandoning(product.usage, data.claimId);
    return isAdded(product) ? { ...product, usage } : { status: 'abandoned', usage };
  }
  if (!isAdded(product)) return product;
  switch (type) {
    case 'ProductChanged': {
      const { sku, name, description, categories, claimId } = data;
      const take = sku === product.sku ? keepingName : takingName;
      return { ...product, sku, name, description, categories, usage: take(product.usage, claimId, sku) };
    }
    case 'PriceChanged':
      return { ...product, price: data.price, usage: keepingName(product.usage, data.claimId, product.sku) };
    case 'ProductDiscontinued':
      return { ...product, status: 'discontinued' };
  }
};

const isAdded = (product: Product): product is Added =>
  product.status === 'offered' || product.status === 'discontinued';

const notFound = (productId: string) => new DomainError('product.not_found', `There is no product ${productId}`);
const abandoned = () => new DomainError('product.change_abandoned', 'It took too long and was given up; send it anew');

export const product: Decider<Product, ProductCommand, ProductEvent> = {
  initial: { status: 'none', usage: unused },
  decide,
  evolve,
};
