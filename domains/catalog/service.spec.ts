import type { Message } from '../shared/decider.js';
import { contextInMemory } from '../shared/testing/interleaving.js';
import { product } from './product.js';
import { catalog } from './service.js';

const at = '2026-01-01T00:00:00.000Z';
const price = { amount: 950, currency: 'EUR' };
const mug = { productId: 'p1', sku: 'MUG-1', name: 'Mug', description: '', price, categories: ['c9'] };
const after = (...commands: readonly Message[]) => {
  const context = contextInMemory(catalog);
  commands.forEach(({ type, data }, index) => {
    expect(context.send(type, data, { commandId: String(index), at })).toBeNull();
  });
  return context;
};
const addMug: Message = { type: 'AddProduct', data: mug };
const addCups: Message = { type: 'AddCategory', data: { categoryId: 'c1', name: 'Cups' } };

describe('prices', () => {
  it('are those of products that are sold, in the order asked', () =>
    expect(after(addMug).ask('pricesOf', { productIds: ['unknown', 'p1'] })).toEqual([
      null,
      { productId: 'p1', sku: 'MUG-1', name: 'Mug', price },
    ]));
  it('are not of a discontinued product', () => {
    const discontinue = { type: 'DiscontinueProduct', data: { productId: 'p1' } };
    expect(after(addMug, discontinue).ask('pricesOf', { productIds: ['p1'] })).toEqual([null]);
  });
});

describe('whether there is a product', () => {
  const exists = (...commands: readonly Message[]) => after(...commands).ask('exists', { productId: 'p1' });

  it('is affirmed also of one that is not sold any more', () => {
    expect(exists(addMug)).toBe(true);
    expect(exists(addMug, { type: 'DiscontinueProduct', data: { productId: 'p1' } })).toBe(true);
  });
  it('is denied of one that was never added', () => expect(exists()).toBe(false));
  it('is denied of one that was given up before it was added', () => {
    const givenUp = product.evolve(product.initial, {
      type: 'SkuClaimAbandoned',
      data: { productId: 'p1', claimId: 'p1' },
    });
    expect(catalog.questions['exists']?.answer([givenUp] as never, { productId: 'p1' })).toBe(false);
  });
});

describe('a product', () => {
  it('is not changed where there is none, and nothing is claimed', () => {
    const context = after();
    expect(context.send('ChangeProduct', mug, { commandId: 'x', at })).toBe('product.not_found');
    expect(context.ask('claimOn', { sku: 'MUG-1' })).toBeNull();
  });
});

describe('a change', () => {
  const definition = catalog.commands['ChangeProduct'];
  const usage = { inUse: { name: 'MUG-1', claimId: 'p1' }, replaced: [], changes: [], abandoned: [] };
  it.each([
    [true, 'MUG-1'],
    [true, 'MUG-2'],
    [false, 'MUG-2'],
  ])('has several steps, so that each has the same id when it is repeated: %j, %s', (isOffered, sku) => {
    const facts = { at, commandId: 'x', actor: '(test)', nameBasedId: (name: string) => name };
    const steps = definition?.steps({ ...mug, sku }, { basis: { isOffered, usage } }, facts) ?? [];
    expect(steps.length).toBeGreaterThan(1);
    expect(steps.at(-1)?.command.type).toBe('ReleaseSku');
  });
});

describe('the claim on a SKU', () => {
  it('tells whose it is and since when', () =>
    expect(after(addMug).ask('claimOn', { sku: 'MUG-1' })).toEqual({ holder: 'p1', claimId: 'p1', claimedAt: at }));
  it('is not settled while the SKU is in use', () =>
    expect(after(addMug).send('SettleSkuClaim', { sku: 'MUG-1', claimId: 'p1' }, { commandId: 'x', at })).toBe(
      'product.sku_taken',
    ));
  it('is not settled in place of another', () => {
    const context = after(addMug);
    expect(context.send('SettleSkuClaim', { sku: 'MUG-1', claimId: 'other' }, { commandId: 'x', at })).toBeNull();
    expect(context.ask('claimOn', { sku: 'MUG-1' })).toMatchObject({ holder: 'p1' });
  });
});

describe('a category', () => {
  it('is there once it is added', () => {
    expect(after(addCups).ask('categoryExists', { categoryId: 'c1' })).toBe(true);
    expect(after().ask('categoryExists', { categoryId: 'c1' })).toBe(false);
  });
  it('is added below another', () => {
    const context = after(addCups, { type: 'AddCategory', data: { categoryId: 'c2', name: 'Large', parentId: 'c1' } });
    expect(context.ask('categoryExists', { categoryId: 'c2' })).toBe(true);
  });
  it('is not added below one that does not exist', () => {
    const data = { categoryId: 'c2', name: 'Large', parentId: 'c1' };
    expect(after().send('AddCategory', data, { commandId: 'x', at })).toBe('category.unknown_parent');
  });
  it('is renamed', () => {
    const renamed = after(addCups, { type: 'RenameCategory', data: { categoryId: 'c1', name: 'Mugs' } });
    expect(renamed.eventsOf('category-c1').map(({ type }) => type)).toEqual(['CategoryAdded', 'CategoryRenamed']);
  });
});
