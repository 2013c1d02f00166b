import { seedCustomer, seedProduct } from './seed-data.js';

const numbers = Array.from({ length: 2_000 }, (_, index) => index + 1);

describe('a seed', () => {
  it('is the same again', () => {
    expect(seedProduct('seed', 7)).toEqual(seedProduct('seed', 7));
    expect(seedCustomer('seed', 7)).toEqual(seedCustomer('seed', 7));
  });

  it('has no SKU and no address twice, nor one of another seed', () => {
    const skus = numbers.flatMap((number) => ['a', 'b'].map((name) => seedProduct(name, number).product.sku));
    const emails = numbers.flatMap((number) => ['a', 'b'].map((name) => seedCustomer(name, number).email));
    expect(new Set(skus).size).toBe(2 * numbers.length);
    expect(new Set(emails).size).toBe(2 * numbers.length);
  });

  it('has products that a shop can hold', () => {
    const wrong = numbers
      .map((number) => seedProduct('seed-2', number))
      .filter(({ product: { sku, name, description, price }, pieces }) => {
        const isRight = /^SEED-2-[A-Z]+-\d{5}$/.test(sku) && /^[A-Z][a-z]+ [a-z]+ [a-z]+$/.test(name) && description;
        return !isRight || !(Number.isInteger(price.amount) && price.amount > 0) || pieces < 1 || pieces > 200;
      });
    expect(wrong).toEqual([]);
  });

  it('has customers who can register', () => {
    const wrong = numbers
      .map((number) => seedCustomer('seed', number))
      .filter(({ email, password }) => !/^[a-z]+\.[a-z]+\.\d+@seed\.example\.org$/.test(email) || password.length < 8);
    expect(wrong).toEqual([]);
  });

  it('varies', () => {
    const names = new Set(numbers.map((number) => seedProduct('seed', number).product.name));
    expect(names.size).toBeGreaterThan(500);
    expect(new Set(numbers.map((number) => seedCustomer('seed', number).name)).size).toBeGreaterThan(500);
  });
});
