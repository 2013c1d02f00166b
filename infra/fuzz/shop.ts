import { randomUUID as randomId } from 'node:crypto';
import { createApiCaller, register, type ApiCaller, type SignIn } from '../soak/api-caller.js';

/** Somebody who asks. */
export type Person = SignIn & Readonly<{ id: string }>;

export const personNames = ['customer', 'staff', 'admin', 'everybody'] as const;
export type PersonName = (typeof personNames)[number];

/** Ids that exist, by what they are of; consistency tokens as well. */
export type Known = Readonly<
  Record<'products' | 'orders' | 'users' | 'views' | 'streams' | 'tokens', readonly string[]>
>;

export type Shop = Readonly<{
  people: Readonly<Record<PersonName, Person>>;
  /** A customer whom nothing is lost with. */
  other: Person;
  known: Known;
}>;

const rolesOf = {
  customer: ['customer'],
  staff: ['staff'],
  admin: ['admin', 'auditor'],
  everybody: ['customer', 'staff', 'auditor', 'admin'],
} as const satisfies Record<PersonName, readonly string[]>;

/** Fills the shop at `url` with a little of everything, in the name of its first account. */
export const fillShop = async (url: string, firstAccount: SignIn): Promise<Shop> => {
  const admin = createApiCaller(url, firstAccount);
  const person = async (roles: readonly string[]): Promise<Person> => {
    const who = { email: `${randomId()}@example.org`, password: randomId() };
    await register(url, who);
    const id = subjectOf(await createApiCaller(url, who).authorization());
    await admin.send('PUT', `/users/${id}/roles`, { roles });
    return { ...who, id };
  };
  const people = {
    customer: await person(rolesOf.customer),
    staff: await person(rolesOf.staff),
    admin: await person(rolesOf.admin),
    everybody: await person(rolesOf.everybody),
  };
  const other = await person(rolesOf.customer);

  const tokens: string[] = [];
  const products = await Promise.all([1, 2, 3].map(() => newProduct(admin, tokens)));
  const orders: string[] = [];
  for (const buyer of [people.customer, people.everybody, other])
    for (const method of ['pm_ok', 'pm_declined', 'pm_ok'])
      orders.push(await newOrder(createApiCaller(url, buyer), { productId: products[0] ?? '', method, tokens }));
  await admin.send('POST', '/categories', { name: 'Kitchen' });

  const users = [...Object.values(people), other].map(({ id }) => id);
  const streams = [...orders.map((id) => `order-${id}`), ...products.map((id) => `stock-${id}`)];
  return { people, other, known: { products, orders, users, views, streams, tokens } };
};

const views = ['orders', 'catalog', 'stock', 'sales', 'no-such-view'];

const newProduct = async (staff: ApiCaller, tokens: string[]): Promise<string> => {
  const price = { amount: 950, currency: 'EUR' };
  const { body, token } = await staff.send('POST', '/products', { sku: randomId(), name: 'Mug', price });
  const { id } = body as { id: string };
  await staff.send('POST', `/inventory/${id}/receipts`, { quantity: 100_000 });
  tokens.push(token);
  return id;
};

const newOrder = async (
  buyer: ApiCaller,
  { productId, method, tokens }: Readonly<{ productId: string; method: string; tokens: string[] }>,
): Promise<string> => {
  const { body, token } = await buyer.send('POST', '/orders', {
    items: [{ productId, quantity: 1 }],
    paymentMethod: method,
    shippingAddress: { name: 'Ada', street: '1 Mill Lane', city: 'London', postalCode: 'N1', country: 'GB' },
  });
  tokens.push(token);
  return (body as { id: string }).id;
};

/** Whom a token is about. */
const subjectOf = (authorization: string): string => {
  const [, claims = ''] = authorization.split('.');
  return (JSON.parse(Buffer.from(claims, 'base64url').toString()) as { sub: string }).sub;
};
