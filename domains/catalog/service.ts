import { changeOfName, type Claim, type ClaimKey, type NameInUse } from '../shared/claim.js';
import { DomainError } from '../shared/errors.js';
import type { CommandDefinition, Service, Step } from '../shared/service.js';
import { categoryAggregate, productAggregate, skuAggregate } from './aggregates.js';
import {
  parseAddCategory,
  parseProduct,
  parseProductQuestion,
  parseRenameCategory,
  parseSettleSkuClaim,
  type AddCategory,
  type CategoryCommand,
  type DiscontinueProduct,
  type ProductCommand,
  type ProductData,
  type RenameCategory,
  type SettlementRequest,
  type SkuCommand,
} from './commands.js';
import { catalogPolicies } from './policies.js';
import { questions, type ChangeBasis } from './questions.js';

const productStep = (command: ProductCommand): Step => ({
  aggregate: productAggregate,
  id: command.data.productId,
  command,
});
const skuStep = (sku: string, command: SkuCommand): Step => ({ aggregate: skuAggregate, id: sku, command });
const categoryStep = (command: CategoryCommand): Step => ({
  aggregate: categoryAggregate,
  id: command.data.categoryId,
  command,
});

const keyOf = (productId: string, { claimId }: NameInUse): ClaimKey => ({ holder: productId, claimId });

/** The SKU is claimed first, so that two products never have one. */
const addProduct: CommandDefinition<ProductData> = {
  parse: parseProduct,
  steps: (data, _answers, { at }) => {
    const { productId, sku } = data;
    const claim = { holder: productId, claimId: productId, claimedAt: at };
    return [skuStep(sku, { type: 'ClaimSku', data: { claim } }), productStep({ type: 'AddProduct', data })];
  },
};

/** A new SKU is claimed before the product takes it, and the old one released after. */
const changeProduct: CommandDefinition<ProductData> = {
  parse: parseProduct,
  changes: ({ productId }) => ({ aggregate: productAggregate, id: productId }),
  asks: ({ productId }) => ({ basis: { context: 'catalog', question: 'changeBasisOf', data: { productId } } }),
  steps: (data, answers, { commandId, at }) => {
    const { productId, sku } = data;
    const basis = answers['basis'] as ChangeBasis | null;
    if (!basis?.usage.inUse) throw new DomainError('product.not_found', `There is no product ${productId}`);
    const { isOffered, usage } = basis;
    const change = productStep({
      type: 'ChangeProduct',
      data: { ...data, claimId: commandId, basis: basis.usage.inUse.claimId },
    });
    const { claim, release } = isOffered ? changeOfName(usage, sku, commandId) : { claim: null, release: null };
    // Also where nothing is released there are several steps: a repeat must give the product's step its first id.
    const released = release && keyOf(productId, release);
    const after = skuStep(release?.name ?? sku, { type: 'ReleaseSku', data: { claim: released } });
    if (claim === null) return [change, after];
    const claimed: Claim = { ...keyOf(productId, claim), claimedAt: at };
    return [skuStep(sku, { type: 'ClaimSku', data: { claim: claimed } }), change, after];
  },
};

const discontinueProduct: CommandDefinition<DiscontinueProduct['data']> = {
  parse: parseProductQuestion,
  steps: (data) => [productStep({ type: 'DiscontinueProduct', data })],
};

/** The product's stream first takes note that the claim is given up: whoever made it, however slow, cannot go on. */
const settleSkuClaim: CommandDefinition<SettlementRequest> = {
  parse: parseSettleSkuClaim,
  asks: ({ sku }) => ({ claim: { context: 'catalog', question: 'claimOn', data: { sku } } }),
  steps: ({ sku, claimId }, answers) => {
    const claim = answers['claim'] as Claim | null;
    const settle = (settled: ClaimKey | null) => skuStep(sku, { type: 'SettleSkuClaim', data: { claim: settled } });
    if (claim?.claimId !== claimId) return [settle(null)];
    return [productStep({ type: 'AbandonSkuClaim', data: { productId: claim.holder, claimId, sku } }), settle(claim)];
  },
};

const addCategory: CommandDefinition<AddCategory['data']> = {
  changes: ({ categoryId }) => ({ aggregate: categoryAggregate, id: categoryId }),
  parse: parseAddCategory,
  asks: ({ parentId }) =>
    parentId === null
      ? {}
      : { parentExists: { context: 'catalog', question: 'categoryExists', data: { categoryId: parentId } } },
  steps: (data, { parentExists }) => {
    if (parentExists === false)
      throw new DomainError('category.unknown_parent', `There is no category ${String(data.parentId)}`);
    return [categoryStep({ type: 'AddCategory', data })];
  },
};

const renameCategory: CommandDefinition<RenameCategory['data']> = {
  parse: parseRenameCategory,
  steps: (data) => [categoryStep({ type: 'RenameCategory', data })],
};

export const catalog: Service = {
  context: 'catalog',
  aggregates: [productAggregate, skuAggregate, categoryAggregate],
  commands: {
    AddProduct: addProduct,
    ChangeProduct: changeProduct,
    DiscontinueProduct: discontinueProduct,
    SettleSkuClaim: settleSkuClaim,
    AddCategory: addCategory,
    RenameCategory: renameCategory,
  },
  questions,
  policies: catalogPolicies,
};
