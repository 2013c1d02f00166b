import type { Claim, ClaimKey } from '../shared/claim.js';
import type { Message } from '../shared/decider.js';
import { mostLines } from '../shared/line.js';
import type { Money } from '../shared/money.js';
import { fields, id, list, money, optional, parseBy, text } from '../shared/parse.js';

/** What a product is to be, whole: a change names every field. */
export type ProductData = Readonly<{
  productId: string;
  sku: string;
  name: string;
  description: string;
  price: Money;
  categories: readonly string[];
}>;

export type AddProduct = Message<'AddProduct', ProductData>;
/** `claimId` is the id of the change; `basis` that of the claim to the product's SKU when the change was begun. */
export type ChangeProduct = Message<'ChangeProduct', ProductData & { claimId: string; basis: string }>;
export type DiscontinueProduct = Message<'DiscontinueProduct', { productId: string }>;
/** Gives up a claim to a SKU, unless the product has the SKU. */
export type AbandonSkuClaim = Message<'AbandonSkuClaim', { productId: string; claimId: string; sku: string }>;

export type ProductCommand = AddProduct | ChangeProduct | DiscontinueProduct | AbandonSkuClaim;

/** Those that release a SKU do nothing where `claim` is not, or no longer, the one that stands. */
export type SkuCommand =
  | Message<'ClaimSku', { claim: Claim }>
  | Message<'ReleaseSku', { claim: ClaimKey | null }>
  | Message<'SettleSkuClaim', { claim: ClaimKey | null }>;

export type AddCategory = Message<'AddCategory', { categoryId: string; name: string; parentId: string | null }>;
export type RenameCategory = Message<'RenameCategory', { categoryId: string; name: string }>;
export type CategoryCommand = AddCategory | RenameCategory;

/** Which claim to a SKU is settled: given up, unless the SKU is in use. */
export type SettlementRequest = Readonly<{ sku: string; claimId: string }>;

export const parseProduct: (data: unknown) => ProductData = parseBy(
  fields({
    productId: id,
    sku: id,
    name: text(200),
    description: text(10_000, 0),
    price: money,
    categories: list(id, 50),
  }),
);

export const parseSettleSkuClaim: (data: unknown) => SettlementRequest = parseBy(fields({ sku: id, claimId: id }));

export const parseAddCategory: (data: unknown) => AddCategory['data'] = parseBy(
  fields({ categoryId: id, name: text(200), parentId: optional(id) }),
);

export const parseRenameCategory: (data: unknown) => RenameCategory['data'] = parseBy(
  fields({ categoryId: id, name: text(200) }),
);

export const parsePricesQuestion: (data: unknown) => Readonly<{ productIds: readonly string[] }> = parseBy(
  fields({ productIds: list(id, mostLines) }),
);
export const parseProductQuestion: (data: unknown) => Readonly<{ productId: string }> = parseBy(
  fields({ productId: id }),
);
export const parseSkuQuestion: (data: unknown) => Readonly<{ sku: string }> = parseBy(fields({ sku: id }));
export const parseCategoryQuestion: (data: unknown) => Readonly<{ categoryId: string }> = parseBy(
  fields({ categoryId: id }),
);
