import { randomUUID } from 'node:crypto';
import type { Random } from '../../event-store-server/faults/random.js';
import type { Calls } from './calls.js';
import { newCustomer, type Customer } from './customer.js';
import { breakOff, followBriefly } from './raw-visits.js';
import { refusedVisit } from './refused-visits.js';

/** Where people go, and who they are. */
export type Town = Readonly<{ calls: Calls; productIds: readonly string[]; customers: Customer[]; random: Random }>;

type Visit = (town: Town, customer: Customer) => Promise<void>;

const address = { name: 'Ada', street: '12 St James Square', city: 'London', postalCode: 'SW1Y 4JH', country: 'GB' };

/** So that a view that is behind is waited for, and not given up. */
const wait = { prefer: 'wait=30' };

const browse: Visit = async ({ calls, productIds, random }) => {
  const get = (path: string) => calls.send({ kind: 'browse', method: 'GET', path, expected: [200] });
  await get('/products?limit=20');
  await get(`/products/${random.oneOf(productIds)}`);
  await get('/categories');
};

const fillCart: Visit = async ({ calls, productIds, random }, customer) => {
  const headers = { authorization: await customer.authorization() };
  const path = `/cart/items/${random.oneOf(productIds)}`;
  const body = { quantity: random.between(1, 5) };
  const { token } = await calls.send({ kind: 'cart', method: 'PUT', path, headers, body, expected: [200] });
  const fresh = { ...headers, ...wait, 'x-consistency-token': token };
  await calls.send({ kind: 'fresh read', method: 'GET', path: '/cart', headers: fresh, expected: [200] });
};

/** Places an order, now and then twice with one key, and reads it at once. */
const order: Visit = async ({ calls, productIds, random }, customer) => {
  const authorization = await customer.authorization();
  const headers = { authorization, 'idempotency-key': randomUUID() };
  const items = Array.from({ length: random.between(1, 3) }, () => ({
    productId: random.oneOf(productIds),
    quantity: 1,
  }));
  const paymentMethod = random.oneOf(['pm_ok', 'pm_ok', 'pm_ok', 'pm_declined']);
  const body = { items, paymentMethod, shippingAddress: address };
  const place = () =>
    calls.send({ kind: 'place order', method: 'POST', path: '/orders', headers, body, expected: [201] });
  const placed = await place();
  if (random.between(1, 10) === 1) await place();
  const { id } = placed.body as Readonly<{ id: string }>;
  const fresh = { authorization, ...wait, 'x-consistency-token': placed.token };
  await calls.send({ kind: 'fresh read', method: 'GET', path: `/orders/${id}`, headers: fresh, expected: [200] });
  // Others who visit for the same customer have no token: they find the order once the view has it.
  customer.orders.push(id);
  if (customer.orders.length > mostRemembered) customer.orders.shift();
};
const mostRemembered = 20;

const readOrders: Visit = async ({ calls, random }, customer) => {
  const headers = { authorization: await customer.authorization() };
  const get = (path: string) => calls.send({ kind: 'read', method: 'GET', path, headers, expected: [200] });
  await get('/orders?limit=10');
  await get('/notifications');
  if (customer.orders.length > 0) await get(`/orders/${random.oneOf(customer.orders)}`);
};

const screens: Visit = async ({ calls, random }, customer) => {
  const headers = { authorization: await customer.authorization() };
  const get = (path: string) => calls.send({ kind: 'screen', method: 'GET', path, headers, expected: [200] });
  await get(random.oneOf(['/bff/web/home', '/bff/mobile/home']));
  if (customer.orders.length > 0) await get(`/bff/web/orders/${random.oneOf(customer.orders)}`);
};

const follow: Visit = async ({ calls, random }, customer) => {
  if (customer.orders.length === 0) return;
  const path = `/orders/${random.oneOf(customer.orders)}/events`;
  await followBriefly(calls, path, await customer.authorization(), random.between(10, 500));
};

const breakOffOrder: Visit = async ({ calls }, customer) => breakOff(calls, '/orders', await customer.authorization());

const register: Visit = async ({ calls, customers, random }) => {
  customers[random.between(0, customers.length - 1)] = await newCustomer(calls);
};

/** Each as often as it stands here. */
const visits: readonly Visit[] = [
  ...Array.from({ length: 25 }, () => browse),
  ...Array.from({ length: 15 }, () => fillCart),
  ...Array.from({ length: 12 }, () => order),
  ...Array.from({ length: 15 }, () => readOrders),
  ...Array.from({ length: 10 }, () => screens),
  ...Array.from({ length: 10 }, () => follow),
  ...Array.from({ length: 10 }, () => refusedVisit),
  ...Array.from({ length: 5 }, () => breakOffOrder),
  ...Array.from({ length: 2 }, () => (_town: Town, customer: Customer) => customer.comeAndGo()),
  register,
];

/** One person does one thing. */
export const visit = (town: Town): Promise<void> => town.random.oneOf(visits)(town, town.random.oneOf(town.customers));
