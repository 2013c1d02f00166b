import type { Random } from '../../event-store-server/faults/random.js';
import type { Call, Calls } from './calls.js';
import type { Customer } from './customer.js';

/** Somebody asks for what they must not get, and is told so. */
export const refusedVisit = async (
  { calls, random }: Readonly<{ calls: Calls; random: Random }>,
  customer: Customer,
): Promise<void> => {
  const authorization = await customer.authorization();
  await calls.send({ kind: 'refused', ...random.oneOf(refusals(authorization)) });
};

type Refusal = Omit<Call, 'kind'>;

const refusals = (authorization: string): readonly Refusal[] => {
  const headers = { authorization };
  const forged = { authorization: `${authorization.slice(0, -20)}${'A'.repeat(20)}` };
  return [
    { method: 'GET', path: '/orders', expected: [401] },
    { method: 'GET', path: '/orders', headers: forged, expected: [401] },
    { method: 'POST', path: '/orders', headers, body: { items: [{ productId: '' }] }, expected: [400] },
    { method: 'POST', path: '/orders', headers, body: '{"items": [', expected: [400] },
    { method: 'POST', path: '/products', headers, body: {}, expected: [403] },
    { method: 'GET', path: '/orders/none-of-theirs', headers, expected: [404] },
    { method: 'GET', path: '/nowhere', headers, expected: [404] },
    { method: 'GET', path: '/products?limit=many', expected: [400] },
    { method: 'DELETE', path: '/products', expected: [405] },
  ];
};
