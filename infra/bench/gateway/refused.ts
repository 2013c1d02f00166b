import { setTimeout as pause } from 'node:timers/promises';
import { order } from './order.js';

/** What must be refused, again and again, while a server is under load. */
export type Refusal = Readonly<{ name: string; token: string; body: unknown; status: number; code: string }>;

/** Tokens that were not signed as they stand, and an order with a field that is wrong. */
export const refusalsFor = (token: string): readonly Refusal[] => [
  { name: 'a token with another signature', token: otherSignature(token), body: order, ...notOurs },
  { name: 'a token that says more than was signed', token: moreThanSigned(token), body: order, ...notOurs },
  {
    ...{ name: 'an order of no piece', token, status: 400, code: 'request.invalid' },
    body: { ...order, items: [{ productId: 'mug', quantity: 0 }] },
  },
];

const notOurs = { status: 401, code: 'auth.invalid_token' };

const otherSignature = (token: string): string => {
  const [head = '', payload = '', signature = ''] = token.split('.');
  return [head, payload, Buffer.from(signature).reverse().toString()].join('.');
};

const moreThanSigned = (token: string): string => {
  const [head = '', payload = '', signature = ''] = token.split('.');
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as object;
  const more = Buffer.from(JSON.stringify({ ...claims, roles: ['customer', 'staff'] })).toString('base64url');
  return [head, more, signature].join('.');
};

/** How often each is sent: seldom enough to take no part in what is measured. */
const everyMs = 500;

/**
 * Sends them until it is told to stop, and gives how many were refused as they must be.
 *
 * @throws Error at the first that is not.
 */
export const refuseMeanwhile = async (
  port: number,
  refusals: readonly Refusal[],
  until: AbortSignal,
): Promise<number> => {
  let refused = 0;
  while (!until.aborted) {
    for (const refusal of refusals) await refuse(port, refusal);
    refused += refusals.length;
    await pause(everyMs, undefined, { signal: until }).catch(() => undefined);
  }
  return refused;
};

const refuse = async (port: number, { name, token, body, status, code }: Refusal): Promise<void> => {
  const response = await fetch(`http://127.0.0.1:${port}/api/v1/orders`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  if (response.status !== status || !text.includes(`"${code}"`))
    throw new Error(`${name} was answered ${response.status} ${text}`);
};
