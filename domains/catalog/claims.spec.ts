import fc from 'fast-check';
import type { Claim } from '../shared/claim.js';
import type { Message } from '../shared/decider.js';
import { contextInMemory, deliver, deliveriesOf, type ContextInMemory } from '../shared/testing/interleaving.js';
import type { ChangeBasis } from './questions.js';
import { catalog } from './service.js';

const skus = ['A', 'B', 'C'];
const productIds = ['p1', 'p2', 'p3'];
const aSku = fc.constantFrom(...skus);
const aProduct = fc.constantFrom(...productIds);

const product = (type: 'AddProduct' | 'ChangeProduct', productId: string, sku: string, amount = 1): Message => ({
  type,
  data: { productId, sku, name: 'Mug', description: '', price: { amount, currency: 'EUR' }, categories: [] },
});

const aCommand: fc.Arbitrary<Message> = fc.oneof(
  { weight: 2, arbitrary: fc.tuple(aProduct, aSku).map(([productId, sku]) => product('AddProduct', productId, sku)) },
  {
    weight: 4,
    arbitrary: fc
      .tuple(aProduct, aSku, fc.integer({ min: 1, max: 3 }))
      .map(([productId, sku, amount]) => product('ChangeProduct', productId, sku, amount)),
  },
  { weight: 1, arbitrary: aProduct.map((productId) => ({ type: 'DiscontinueProduct', data: { productId } })) },
  {
    weight: 3,
    arbitrary: fc
      .tuple(
        aSku,
        fc.oneof(
          aProduct,
          fc.nat(9).map((index) => `command${index}`),
        ),
      )
      .map(([sku, claimId]) => ({ type: 'SettleSkuClaim', data: { sku, claimId } })),
  },
);

const at = '2026-01-01T00:00:00.000Z';
const claimOn = (context: ContextInMemory, sku: string) => context.ask('claimOn', { sku }) as Claim | null;

/** Which product has which SKU, as far as the products' streams tell. */
const uses = (context: ContextInMemory): readonly string[] =>
  productIds.flatMap((productId) => {
    const used = (context.ask('changeBasisOf', { productId }) as ChangeBasis | null)?.usage.inUse;
    return used ? [`${String(used.name)}: ${productId} by ${used.claimId}`] : [];
  });

/** Which product holds which SKU; each has one claim at most. */
const claims = (context: ContextInMemory): readonly string[] =>
  skus.flatMap((sku) => {
    const claim = claimOn(context, sku);
    return claim ? [`${sku}: ${claim.holder} by ${claim.claimId}`] : [];
  });

/** What the policies send: a settlement for each claim that was ever made. */
const settleAll = (context: ContextInMemory) => {
  for (const sku of skus) {
    const claimed = context.eventsOf(`sku-${sku}`).filter(({ type }) => type === 'SkuClaimed');
    claimed.forEach(({ data }, index) => {
      const { claimId } = data as { claimId: string };
      context.send('SettleSkuClaim', { sku, claimId }, { commandId: `settle/${sku}/${index}`, at });
    });
  }
};

describe('however commands are interleaved, repeated and cut off', () => {
  it('no product has a SKU that it does not hold, and none is held in vain once claims are settled', () => {
    fc.assert(
      fc.property(deliveriesOf(aCommand), ({ commands, moves }) => {
        const context = contextInMemory(catalog);
        deliver(context, commands, moves, () => {
          const held = claims(context);
          expect(uses(context).filter((use) => !held.includes(use))).toEqual([]);
        });
        settleAll(context);
        expect(uses(context).toSorted()).toEqual(claims(context));
      }),
      { numRuns: 2_000 },
    );
  });
});

const begun = (steps: number, { type, data }: Message, ...before: readonly Message[]) => {
  const context = contextInMemory(catalog);
  before.forEach((command, index) => {
    context.send(command.type, command.data, { commandId: `before${index}`, at });
  });
  const progress = context.begin(type, data, { commandId: 'x', at });
  for (let done = 0; done <= steps; done += 1) progress.next();
  return { context, resume: () => progress.next().value };
};
const holders = (context: ContextInMemory) => skus.map((sku) => claimOn(context, sku)?.holder ?? null);
const added = product('AddProduct', 'p1', 'A');

describe('a product that is being added', () => {
  it('is undone after the claim, and cannot go on', () => {
    const { context, resume } = begun(1, added);
    expect(holders(context)).toEqual(['p1', null, null]);
    settleAll(context);
    expect(holders(context)).toEqual([null, null, null]);
    expect(resume()).toBe('product.change_abandoned');
  });
});

describe('a change of SKU', () => {
  it('that dies after the claim is undone, and cannot go on', () => {
    const { context, resume } = begun(1, product('ChangeProduct', 'p1', 'B'), added);
    settleAll(context);
    expect(holders(context)).toEqual(['p1', null, null]);
    expect(resume()).toBe('product.change_abandoned');
  });
  it('that dies after the update is whole', () => {
    const { context } = begun(2, product('ChangeProduct', 'p1', 'B'), added);
    expect(holders(context)).toEqual(['p1', 'p1', null]);
    settleAll(context);
    expect(holders(context)).toEqual([null, 'p1', null]);
  });
  it('releases the old one', () => {
    const { context } = begun(3, product('ChangeProduct', 'p1', 'B'), added);
    expect(holders(context)).toEqual([null, 'p1', null]);
  });
  it('takes nothing away from a later one when a change of the price before it is repeated', () => {
    const { context } = begun(2, product('ChangeProduct', 'p1', 'A', 5), added);
    context.send('ChangeProduct', product('ChangeProduct', 'p1', 'B', 6).data, { commandId: 'y', at });
    const again = product('ChangeProduct', 'p1', 'A', 5).data;
    expect(context.send('ChangeProduct', again, { commandId: 'x', at })).toBeNull();
    expect(holders(context)).toEqual([null, 'p1', null]);
    expect(context.ask('pricesOf', { productIds: ['p1'] })).toMatchObject([{ sku: 'B', price: { amount: 6 } }]);
  });
});

describe('a discontinued product', () => {
  const discontinued = { type: 'DiscontinueProduct', data: { productId: 'p1' } };
  it('keeps its SKU', () => {
    const { context } = begun(1, discontinued, added);
    settleAll(context);
    expect(holders(context)).toEqual(['p1', null, null]);
  });
  it('claims no other', () => {
    const { context, resume } = begun(0, product('ChangeProduct', 'p1', 'B'), added, discontinued);
    expect(resume()).toBe('product.discontinued');
    expect(holders(context)).toEqual(['p1', null, null]);
  });
});
