import { validate as isUuid } from 'uuid';
import { commandContext } from './command-context.js';
import type { GatewayRequest } from './route.js';

const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const request: GatewayRequest = {
  method: 'POST',
  pattern: '/api/v1/inventory/:productId/receipts',
  params: { productId: 'p1' },
  body: { quantity: 1 },
  query: undefined,
  address: '192.0.2.7',
  caller: { userId: 'u1', roles: ['staff'] },
  headers: { 'idempotency-key': 'k1' },
  traceparent,
  over: () => new AbortController().signal,
};
const lookups = { requestHash: (body: unknown) => Promise.resolve(JSON.stringify(body)) };

const begin = async (change: Partial<GatewayRequest> = {}, keyHolder?: string) => {
  const { newId, message } = await commandContext({ ...request, ...change }, lookups, keyHolder);
  return { newId, ...message('ReceiveStock', {}) };
};

describe('a command with an idempotency key', () => {
  it('has the same ids whenever it is repeated', async () => {
    const [first, repeat] = [await begin(), await begin()];
    expect(isUuid(first.commandId)).toBe(true);
    expect(isUuid(first.newId)).toBe(true);
    expect(first.newId).not.toBe(first.commandId);
    expect([repeat.commandId, repeat.newId]).toEqual([first.commandId, first.newId]);
    expect(first).not.toHaveProperty('isNew');
  });

  it.each<[string, Partial<GatewayRequest>]>([
    ['key', { headers: { 'idempotency-key': 'k2' } }],
    ['caller', { caller: { userId: 'u2', roles: ['staff'] } }],
    ['method', { method: 'PUT' }],
    ['route', { pattern: '/api/v1/inventory/:productId/adjustments' }],
    ['parameter', { params: { productId: 'p2' } }],
  ])('has other ids with another %s', async (_what, change) =>
    expect((await begin(change)).commandId).not.toBe((await begin()).commandId),
  );

  it('has other ids where the key is somebody else’s', async () =>
    expect((await begin({}, 'another')).commandId).not.toBe((await begin()).commandId));

  it('has the same id with another body, and another hash', async () => {
    const [first, other] = [await begin(), await begin({ body: { quantity: 2 } })];
    expect(other.commandId).toBe(first.commandId);
    expect(other.requestHash).not.toBe(first.requestHash);
  });

  it('goes up to 255 characters', async () =>
    expect((await begin({ headers: { 'idempotency-key': 'k'.repeat(255) } })).requestHash).toBeDefined());

  it.each([256, 0])('is refused with %d characters', (length) =>
    expect(begin({ headers: { 'idempotency-key': 'k'.repeat(length) } })).rejects.toMatchObject({
      code: 'idempotency.invalid_key',
    }),
  );
});

describe('a command without an idempotency key', () => {
  it('is another each time, and its body is not hashed', async () => {
    const [first, second] = [await begin({ headers: {} }), await begin({ headers: {} })];
    expect(second.commandId).not.toBe(first.commandId);
    expect(second.newId).not.toBe(first.newId);
    expect(first).not.toHaveProperty('requestHash');
    expect(first.isNew).toBe(true);
  });
});

it('says who sends it, within which trace', async () =>
  expect(await begin()).toMatchObject({ type: 'ReceiveStock', actor: 'u1', traceparent }));
