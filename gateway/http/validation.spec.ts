import { NewProductDto, ProductsQuery } from '../catalog/dto.js';
import { NewAdjustmentDto, NewReceiptDto } from '../inventory/dto.js';
import { NewOrderDto, OrdersQuery } from '../orders/dto.js';
import { RegistrationDto } from '../users/dto.js';
import type { Dto } from './route.js';
import { createValidators } from './validation.js';

const validators = createValidators();
const address = { name: 'Ada', street: 'Main 1', city: 'Ulm', postalCode: '89073', country: 'DE' };
const order = { items: [{ productId: 'p1', quantity: 2 }], paymentMethod: 'pm_ok', shippingAddress: address };
const product = { sku: 'MUG-1', name: 'Mug', price: { amount: 450, currency: 'EUR' } };
const person = { email: 'ada@example.com', name: 'Ada', password: 'correct horse' };
const withQuantity = (quantity: unknown) => ({ ...order, items: [{ productId: 'p1', quantity }] });

describe('a body', () => {
  it.each<[string, Dto, unknown]>([
    ['an order', NewOrderDto, order],
    ['an order for somebody', NewOrderDto, { ...order, userId: 'u2' }],
    ['an order of the most pieces', NewOrderDto, withQuantity(1_000_000)],
    ['a product', NewProductDto, product],
    ['a whole product', NewProductDto, { ...product, description: '', categories: ['cups'] }],
    ['a receipt', NewReceiptDto, { quantity: 1_000_000_000, reference: 'PO-1' }],
    ['a negative adjustment', NewAdjustmentDto, { quantity: -3, reason: 'broken' }],
    ['a person', RegistrationDto, { ...person, phone: '+49 731' }],
    ['a name outside the basic plane', RegistrationDto, { ...person, name: '😀' }],
  ])('may be %s', (_what, dto, body) => expect(validators.body(dto)(body)).toBe(body));

  it.each<[string, Dto, unknown, string[]]>([
    ['no items', NewOrderDto, { ...order, items: undefined }, ['/items']],
    ['a list for an object', NewOrderDto, [], ['']],
    ['nothing', NewOrderDto, undefined, ['']],
    ['items that are none', NewOrderDto, { ...order, items: 'p1' }, ['/items']],
    ['too many items', NewOrderDto, { ...order, items: Array(101).fill(order.items[0]) }, ['/items']],
    ['quantity 0', NewOrderDto, withQuantity(0), ['/items/0/quantity']],
    ['quantity -1', NewOrderDto, withQuantity(-1), ['/items/0/quantity']],
    ['quantity 1.5', NewOrderDto, withQuantity(1.5), ['/items/0/quantity']],
    ['quantity 10^12', NewOrderDto, withQuantity(1e12), ['/items/0/quantity']],
    ['quantity 1000001', NewOrderDto, withQuantity(1_000_001), ['/items/0/quantity']],
    ['quantity as text', NewOrderDto, withQuantity('2'), ['/items/0/quantity']],
    ['quantity null', NewOrderDto, withQuantity(null), ['/items/0/quantity']],
    ['a price', NewOrderDto, { ...order, items: [{ ...order.items[0], price: 1 }] }, ['/items/0/price']],
    ['an id with a slash', NewOrderDto, { ...order, paymentMethod: 'a/b' }, ['/paymentMethod']],
    [
      'a country in lower case',
      NewOrderDto,
      { ...order, shippingAddress: { ...address, country: 'de' } },
      ['/shippingAddress/country'],
    ],
    ['an unknown field', NewOrderDto, { ...order, 'a/b~c': 1 }, ['/a~1b~0c']],
    [
      'a prototype',
      NewOrderDto,
      JSON.parse('{"__proto__": {"items": []}}'),
      ['/__proto__', '/items', '/paymentMethod', '/shippingAddress'],
    ],
    ['no address', RegistrationDto, { ...person, email: 'ada' }, ['/email']],
    ['a short password', RegistrationDto, { ...person, password: 'short' }, ['/password']],
    ['a name with NUL', RegistrationDto, { ...person, name: 'A\0' }, ['/name']],
    ['a name with half a character', RegistrationDto, { ...person, name: '\ud83d' }, ['/name']],
    ['a negative price', NewProductDto, { ...product, price: { amount: -1, currency: 'EUR' } }, ['/price/amount']],
    [
      'a price that is inexact',
      NewProductDto,
      { ...product, price: { amount: 2 ** 53, currency: 'EUR' } },
      ['/price/amount'],
    ],
    ['an unknown field of a price', NewProductDto, { ...product, price: { ...product.price, vat: 1 } }, ['/price/vat']],
    ['categories that are no ids', NewProductDto, { ...product, categories: ['cups', 1] }, ['/categories/1']],
    ['an adjustment by 0', NewAdjustmentDto, { quantity: 0, reason: 'none' }, ['/quantity']],
    ['a receipt of 0', NewReceiptDto, { quantity: 0 }, ['/quantity']],
  ])('with %s is refused', (_what, dto, body, pointers) => {
    const given: unknown = body === undefined ? undefined : JSON.parse(JSON.stringify(body));
    expect([...new Set(wrongFields(() => validators.body(dto)(given)).map(({ pointer }) => pointer))].sort()).toEqual(
      pointers,
    );
  });

  it('hears of all its wrong fields at once, in sentences', () =>
    expect(
      wrongFields(() =>
        validators.body(NewOrderDto)({ items: [{ productId: '', quantity: 1.5 }], paymentMethod: 'pm_ok', extra: 1 }),
      ),
    ).toEqual([
      { pointer: '/shippingAddress', detail: 'is needed' },
      { pointer: '/extra', detail: 'is not known here' },
      {
        pointer: '/items/0/productId',
        detail: 'must be 1 to 128 letters, digits, dots, underscores, colons or hyphens',
      },
      { pointer: '/items/0/quantity', detail: 'must be integer' },
    ]));

  it('hears of a hundred of them where there are more', () => {
    const unknown = Object.fromEntries(Array.from({ length: 1_000 }, (_, index) => [`field${index}`, 1]));
    expect(wrongFields(() => validators.body(NewOrderDto)({ ...order, ...unknown }))).toHaveLength(100);
  });

  it('may have the longest description there is', () => {
    const whole = { ...product, name: '😀'.repeat(200), description: '😀'.repeat(10_000), categories: ids(50) };
    const escaped = JSON.stringify(whole).replace(/[\ud800-\udfff]/g, () => '\\u0000');
    expect(validators.body(NewProductDto)(whole)).toBe(whole);
    expect(escaped.length).toBeLessThan(128 * 1024);
  });
});

const ids = (count: number) => Array.from({ length: count }, (_, index) => String(index).padEnd(128, 'x'));

describe('a query string', () => {
  it('becomes numbers where the class says so', () =>
    expect(validators.query(ProductsQuery)({ limit: '5', minPrice: '100', q: '7' })).toEqual({
      limit: 5,
      minPrice: 100,
      q: '7',
    }));

  it.each<[string, Dto, object, string]>([
    ['limit 0', ProductsQuery, { limit: '0' }, '/limit'],
    ['limit 101', ProductsQuery, { limit: '101' }, '/limit'],
    ['limit 1.5', ProductsQuery, { limit: '1.5' }, '/limit'],
    ['an empty limit', ProductsQuery, { limit: '' }, '/limit'],
    ['two limits', ProductsQuery, { limit: ['1', '2'] }, '/limit'],
    ['an unknown order', ProductsQuery, { sort: 'age' }, '/sort'],
    ['an unknown filter', ProductsQuery, { colour: 'red' }, '/colour'],
    ['an unknown status', OrdersQuery, { status: 'LOST' }, '/status'],
    ['a day for an instant', OrdersQuery, { from: '2026-01-01' }, '/from'],
  ])('with %s is refused', (_what, dto, query, pointer) =>
    expect(wrongFields(() => validators.query(dto)(query)).map((error) => error.pointer)).toContain(pointer),
  );
});

/** What the refusal says; fails where nothing is refused. */
const wrongFields = (validate: () => unknown): readonly { pointer: string; detail: string }[] => {
  try {
    validate();
  } catch (error) {
    const { code, errors } = error as { code: string; errors: { pointer: string; detail: string }[] };
    expect(code).toBe('request.invalid');
    return errors;
  }
  throw new Error('It was not refused');
};
