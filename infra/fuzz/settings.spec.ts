import { amountOf, runSettings } from './settings.js';

const known = { products: ['p1'], orders: ['o1', 'o2'], users: [], views: [], streams: [], tokens: ['5.order'] };
const person = { id: 'u1', email: 'ada@example.org', password: 'a "quoted" one' };

describe('the settings of a run', () => {
  it('name what exists, and how much to try', () => {
    const settings = runSettings(known, null, { perOperation: 3, chains: 2 });
    expect(settings).toContain('[dictionaries.orders]\nvalues = ["o1","o2"]');
    expect(settings).toContain('[phases.fuzzing.generation]\nmax-examples = 3');
    expect(settings).toContain('[phases.stateful.generation]\nmax-examples = 2');
  });

  it('sign in as somebody, or as nobody', () => {
    const amount = { perOperation: 1, chains: 1 };
    expect(runSettings(known, null, amount)).not.toContain('[auth');
    expect(runSettings(known, person, amount)).toContain(String.raw`password = "a \"quoted\" one"`);
  });
});

describe('the amount for so many requests', () => {
  it('is shared out to operations and chains', () => {
    expect(amountOf(1_000, 70)).toEqual({ perOperation: 10, chains: 50 });
  });

  it('is never nothing', () => {
    expect(amountOf(1, 70)).toEqual({ perOperation: 1, chains: 1 });
  });
});
