import { DomainError } from '../../domains/shared/errors.js';
import { aString, expectProblem, order, product, useGateway } from './testing/client.js';

const { call, gateway, place } = useGateway();

describe('a command', () => {
  it('is answered with what the context answers, where it is, and a token', async () => {
    const { status, headers, body } = await place({ body: order });
    expect({ status, body }).toMatchObject({ status: 201, body: { id: aString, status: 'PENDING' } });
    expect(headers.get('location')).toBe(`/api/v1/orders/${String(body['id'])}`);
    expect(headers.get('x-consistency-token')).toBe('42.orders');
  });

  it('has the same id when it is repeated with its key', async () => {
    const headers = { 'idempotency-key': 'k1' };
    const [first, repeat] = [await place({ body: order, headers }), await place({ body: order, headers })];
    expect(repeat.body).toEqual(first.body);
    expect(gateway().sent[1]?.commandId).toBe(gateway().sent[0]?.commandId);
  });

  it('with a key of 256 characters is refused', async () =>
    expectProblem(
      await place({ body: order, headers: { 'idempotency-key': 'k'.repeat(256) } }),
      400,
      'idempotency.invalid_key',
    ));

  it('adds a product, empty where nothing was said', async () => {
    const { status, body, headers } = await call('POST', '/products', { as: 'sam:staff', body: product });
    expect({ status, body }).toEqual({
      status: 201,
      body: { id: aString, ...product, description: '', categories: [] },
    });
    expect(headers.get('location')).toBe(`/api/v1/products/${String(body['id'])}`);
  });

  it('changes a product', async () => {
    const { status, body } = await call('PUT', '/products/mug', {
      as: 'sam:staff',
      body: { ...product, categories: ['cups'] },
    });
    expect({ status, body }).toEqual({
      status: 200,
      body: { id: 'mug', ...product, description: '', categories: ['cups'] },
    });
  });

  it('receives and adjusts stock', async () => {
    expect((await call('POST', '/inventory/mug/receipts', { as: 'sam:staff', body: { quantity: 5 } })).status).toBe(
      201,
    );
    const body = { quantity: -2, reason: 'broken' };
    expect((await call('POST', '/inventory/mug/adjustments', { as: 'sam:staff', body })).status).toBe(201);
    expect(gateway().sent.map(({ type, data }) => [type, data])).toEqual([
      ['ReceiveStock', { productId: 'mug', quantity: 5, reference: null }],
      ['AdjustStock', { productId: 'mug', delta: -2, reason: 'broken' }],
    ]);
  });

  it.each([
    ['service.unavailable', 503],
    ['command.conflict', 409],
  ] as const)('that is refused with %s is answered with %d', async (code, status) => {
    gateway().refuse(new DomainError(code, 'Try again soon'));
    const answer = await place({ body: order });
    expectProblem(answer, status, code);
    expect(answer.headers.get('retry-after')).toBe(status === 503 ? '1' : null);
  });

  it.each([new Error('secret'), 'secret', null])('that fails with %p tells nothing', async (error) => {
    gateway().refuse(error);
    const answer = await place({ body: order });
    expectProblem(answer, 500, 'internal.error');
    expect(JSON.stringify(answer.body)).not.toContain('secret');
    expect(JSON.stringify(await gateway().logged(1))).not.toContain('secret');
  });
});

describe('a query', () => {
  it('waits for what the caller has seen', async () => {
    const headers = { 'x-consistency-token': '7.order,9.product', prefer: 'wait=5' };
    expect((await call('GET', '/products/mug', { headers })).status).toBe(200);
    expect(gateway().freshness).toEqual([
      {
        after: new Map([
          ['order', 7n],
          ['product', 9n],
        ]),
        waitMs: 5_000,
      },
    ]);
  });

  it('with a token that is not ours is refused', async () =>
    expectProblem(
      await call('GET', '/products', { headers: { 'x-consistency-token': 'x' } }),
      400,
      'request.invalid_token',
    ));

  it.each(['limit=0', 'limit=101', 'limit=x', 'limit=1&limit=2', 'sort=age', 'colour=red', 'q=%00'])(
    'with ?%s is refused',
    async (query) => expectProblem(await call('GET', `/products?${query}`), 400, 'request.invalid'),
  );

  it.each([
    ['"1-42"', '"1-42"'],
    ['W/"1-42"', 'W/"1-42"'],
    ['"1-41", "1-42"', '"1-42"'],
    ['*', '"1-42"'],
  ])('has not changed for whoever holds %s', async (held, tag) => {
    const answer = await call('GET', '/products/mug', { headers: { 'if-none-match': held } });
    expect([answer.status, answer.headers.get('etag'), answer.body]).toEqual([304, tag, {}]);
  });

  it('is answered whole to whoever holds an older state', async () => {
    const answer = await call('GET', '/products/mug', { headers: { 'if-none-match': '"1-41"' } });
    expect([answer.status, answer.headers.get('etag')]).toEqual([200, '"1-42"']);
  });
});
