import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { v4 as randomId } from 'uuid';
import { createJaegerQuery, type JaegerSpan } from '../../infra/telemetry/jaeger-query.js';
import { newTraceparent, traceIdOf } from '../../infra/telemetry/tracing.js';
import { createApiClient } from '../client/api-client.js';
import { eventually } from './testing/eventually.js';
import { startPlatformForTests, type RunningPlatform } from './testing/running-platform.js';
import { address, newCustomer, newProduct, orderOf, whenEnded } from './testing/shop.js';

let platform: RunningPlatform;

beforeAll(async () => {
  platform = await startPlatformForTests({ env: { PAYMENT_RETRY_WINDOW_SECONDS: '0' } });
});
afterAll(async () => {
  await platform.stop();
});

/** The stock once nothing of it is reserved: its view may get there after that of the orders. */
const stockAtRest = (productId: string) =>
  eventually(async () => {
    const found = await platform.staff.stock(productId);
    return found.reserved === 0 && found;
  });

describe('an order', () => {
  it('is paid, and the stock and the money are where they belong', async () => {
    const productId = await newProduct(platform.staff, 5);
    const customer = await newCustomer(platform.url);
    const { id, total } = await customer.placeOrder(orderOf(productId, 2));
    const order = await whenEnded(customer, id);
    expect(order).toMatchObject({ status: 'PAID', total: { amount: 1900, currency: 'EUR' }, statusReason: null });
    expect(await customer.payment(id)).toMatchObject({ captured: total, refunded: { amount: 0, currency: 'EUR' } });
    expect(await stockAtRest(productId)).toMatchObject({ onHand: 3, available: 3 });
  });

  it.each([
    ['pm_declined', 'payment_declined'],
    ['pm_insufficient_funds', 'payment_declined'],
    ['pm_capture_fails', 'capture_refused'],
  ])('that cannot be paid (%s) gives its stock back', async (paymentMethod, reason) => {
    const productId = await newProduct(platform.staff, 1);
    const customer = await newCustomer(platform.url);
    const { id } = await customer.placeOrder(orderOf(productId, 1, paymentMethod));
    expect(await whenEnded(customer, id)).toMatchObject({ status: 'REJECTED', statusReason: reason });
    expect(await stockAtRest(productId)).toMatchObject({ onHand: 1, reserved: 0, available: 1 });
  });

  it('is placed once, however often it is sent with one key', async () => {
    const productId = await newProduct(platform.staff, 5);
    const customer = await newCustomer(platform.url);
    const key = randomId();
    const placed = await Promise.all([1, 2, 3].map(() => customer.placeOrder(orderOf(productId, 1), key)));
    await whenEnded(customer, placed[0]?.id ?? '');
    placed.push(await customer.placeOrder(orderOf(productId, 1), key));
    expect(new Set(placed.map((order) => JSON.stringify(order))).size).toBe(1);
    await expect(customer.placeOrder(orderOf(productId, 2), key)).rejects.toMatchObject({
      code: 'idempotency.mismatch',
    });
  });

  it('is not shown to another customer', async () => {
    const customer = await newCustomer(platform.url);
    const { id } = await customer.placeOrder(orderOf(await newProduct(platform.staff, 1), 1));
    const another = await newCustomer(platform.url);
    await expect(another.order(id)).rejects.toMatchObject({ status: 404, code: 'order.not_found' });
  });
});

describe('the trace of an order', () => {
  const steps = ['reserveStock', 'authorisePayment', 'capturePayment', 'markOrderPaid', 'commitStock'];

  it('goes from the request through every part', async () => {
    const traceparent = newTraceparent();
    const traceId = traceIdOf(traceparent);
    const productId = await newProduct(platform.staff, 1);
    const customer = await newCustomer(platform.url);
    const { id } = await customer.placeOrder(orderOf(productId, 1), undefined, { traceparent });
    await whenEnded(customer, id);
    // The saga ends when the goods have arrived.
    await platform.staff.changeStatus(id, 'SHIPPED');
    await platform.staff.changeStatus(id, 'DELIVERED');

    const jaeger = createJaegerQuery(platform.process('jaeger').url);
    const awaited = [
      ...steps.map((step) => `activity ${step}`),
      ...['project orders', 'provider /authorisations', 'append stock', 'workflow orderFulfilment run'],
    ];
    // Each process sends its spans when it sees fit, so a span may be there before its parent.
    const spans = await eventually(async () => {
      const found = await jaeger.trace(traceId);
      const isThere = (name: string) => pathTo(found, name)[0] === 'HTTP POST /api/v1/orders';
      return awaited.every(isThere) && found;
    });
    expect(pathTo(spans, 'project orders')).toEqual([
      'HTTP POST /api/v1/orders',
      'orders PlaceOrder',
      'command PlaceOrder',
      'append order',
      'project orders',
    ]);
    const toWorkflow = pathTo(spans, 'workflow orderFulfilment');
    expect(toWorkflow).toContain('append order');
    for (const step of steps) expect(pathTo(spans, `activity ${step}`)).toEqual([...toWorkflow, `activity ${step}`]);
    expect(pathTo(spans, 'provider /authorisations')).toEqual([
      ...toWorkflow,
      'activity authorisePayment',
      'provider /authorisations',
    ]);
    expect(pathTo(spans, 'append stock').slice(-4)).toEqual([
      'send inventory ReserveStock',
      'inventory ReserveStock',
      'command ReserveStock',
      'append stock',
    ]);
  });

  /** The names of the spans from the first one down to the earliest of that name. */
  const pathTo = (spans: readonly JaegerSpan[], name: string): readonly string[] => {
    const byId = new Map(spans.map((span) => [span.spanId, span]));
    const [first] = spans.filter((span) => span.name === name).sort((a, b) => a.start - b.start);
    const path: string[] = [];
    for (let span = first; span; span = byId.get(span.parentSpanId ?? '')) path.unshift(span.name);
    return path;
  };
});

describe('the timeline of an order', () => {
  it('has all kinds in their order, with actors and traces, and nothing personal', async () => {
    const person = { email: `${randomId()}@example.org`, password: randomId(), name: 'Hedy Lamarr' };
    const { id: userId } = await createApiClient(platform.url).register(person);
    const customer = await createApiClient(platform.url).signIn(person);
    const productId = await newProduct(platform.staff, 1);
    const traceparent = newTraceparent();
    const { id } = await customer.placeOrder(orderOf(productId, 1), undefined, { traceparent });
    await whenEnded(customer, id);
    // Each process sends its spans when it sees fit.
    const { orderId, traceIds, entries, missing } = await eventually(async () => {
      const found = await customer.timeline(id);
      return expected.every((told) => found.entries.some((entry) => isLike(entry, told))) && found;
    });

    expect({ orderId, missing }).toEqual({ orderId: id, missing: [] });
    // The provider's notices begin traces of their own.
    expect(traceIds[0]).toBe(traceIdOf(traceparent));
    expect(new Set(entries.map(({ kind }) => kind))).toEqual(
      new Set(['command', 'event', 'payment', 'projection', 'saga', 'span']),
    );
    const times = entries.map(({ at }) => at);
    expect(times).toEqual(times.toSorted());
    expect(entries.filter(({ traceId = '' }) => !traceIds.includes(traceId))).toEqual([]);
    expect(entries.filter(({ kind, actor }) => kind !== 'span' && kind !== 'projection' && !actor)).toEqual([]);
    const actors = new Set(entries.flatMap(({ actor }) => actor ?? []));
    expect([...actors]).toEqual(expect.arrayContaining([userId, '(saga)']));
    for (const personal of [person.name, person.email, address.name, address.street, '$sealed'])
      expect(JSON.stringify(entries)).not.toContain(personal);
    const placed = entries.find(({ name }) => name === 'OrderPlaced');
    expect(placed?.detail['data']).toMatchObject({ orderId: id, userId, address: null });
  });

  type Entry = Awaited<ReturnType<typeof platform.staff.timeline>>['entries'][number];
  type Told = Readonly<Pick<Entry, 'kind' | 'name'>> & Readonly<{ takesTime?: true }>;

  const expected: readonly Told[] = [
    { kind: 'command', name: 'PlaceOrder', takesTime: true },
    { kind: 'event', name: 'OrderPlaced' },
    { kind: 'event', name: 'StockReserved' },
    { kind: 'payment', name: 'PaymentCaptured' },
    { kind: 'saga', name: 'mark paid', takesTime: true },
    { kind: 'projection', name: 'orders', takesTime: true },
    { kind: 'span', name: 'provider /authorisations', takesTime: true },
    { kind: 'event', name: 'ShipmentCreated' },
  ];

  const isLike = (entry: Entry, { kind, name, takesTime }: Told) =>
    entry.kind === kind && entry.name === name && (!takesTime || typeof entry.detail['durationMs'] === 'number');
});

describe('what the platform writes down', () => {
  it('holds no name, address, email or password of a person', async () => {
    const person = { email: 'grace.hopper@navy.example', password: 'compilers-are-possible', name: 'Grace Brewster' };
    const stranger = createApiClient(platform.url);
    await stranger.register(person);
    const customer = await stranger.signIn(person);
    const productId = await newProduct(platform.staff, 1);
    const { id } = await customer.placeOrder(orderOf(productId, 1));
    await whenEnded(customer, id);
    await expect(stranger.register(person)).rejects.toMatchObject({ code: 'user.email_taken' });

    const values = [...Object.values(person), address.name, address.street];
    const files = ['logs', 'event-store', 'temporal', 'payment-provider'].map((name) => join(platform.dataDir, name));
    const found = await Promise.all(files.map((folder) => filesWith(folder, values)));
    expect(found.flat()).toEqual([]);
    expect(await filesWith(join(platform.dataDir, 'event-store'), ['UserRegistered'])).not.toEqual([]);
  });

  it('tells of no circuit that opened: an engine that starts with the platform is not unwell', async () => {
    expect(await filesWith(join(platform.dataDir, 'logs'), ['its circuit is open'])).toEqual([]);
    expect(await filesWith(join(platform.dataDir, 'logs'), ['the first account is there'])).not.toEqual([]);
  });

  const filesWith = async (folder: string, values: readonly string[]): Promise<readonly string[]> => {
    const names = await readdir(folder);
    const contents = await Promise.all(names.map((name) => contentOf(join(folder, name))));
    return names.filter((_, index) => values.some((value) => contents[index]?.includes(value)));
  };

  /** Nothing for a journal that was removed meanwhile: what it held is in its database by then. */
  const contentOf = async (path: string): Promise<Buffer | null> => {
    try {
      return await readFile(path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
      throw error;
    }
  };
});

describe('bad input', () => {
  const send = async (path: string, body: string, headers: Record<string, string> = {}) => {
    const response = await fetch(`${platform.url}/api/v1${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
    });
    return {
      media: response.headers.get('content-type'),
      status: response.status,
      ...((await response.json()) as object),
    };
  };
  const order = (over: object) =>
    JSON.stringify({
      items: [{ productId: 'p1', quantity: 1 }],
      paymentMethod: 'pm_ok',
      shippingAddress: address,
      ...over,
    });

  it.each([
    ['missing fields', '{}', 400, 'request.invalid'],
    ['wrong types', order({ items: 'all' }), 400, 'request.invalid'],
    ['an unknown field', order({ discount: 1 }), 400, 'request.invalid'],
    ['an unknown product', order({}), 422, 'order.unknown_product'],
    ...[0, -1, 1.5, 1e12].map((quantity): [string, string, number, string] => [
      `a quantity of ${quantity}`,
      order({ items: [{ productId: 'p1', quantity }] }),
      400,
      'request.invalid',
    ]),
    ['broken JSON', '{"items": [', 400, 'request.malformed_json'],
    ['more than 1 MiB', JSON.stringify({ note: 'x'.repeat(1_100_000) }), 413, 'request.too_large'],
  ])('is refused with a code: %s', async (_, body, status, code) => {
    const customer = await signedIn();
    expect(await send('/orders', body, customer)).toMatchObject({
      media: expect.stringContaining('problem+json') as string,
      status,
      code,
    });
  });

  it.each([
    ['no token', {}, 'auth.missing_token'],
    ['a token that is not ours', { authorization: 'Bearer a.b.c' }, 'auth.invalid_token'],
  ])('is refused with a code: %s', async (_, headers: Record<string, string>, code) => {
    expect(await send('/orders', order({}), headers)).toMatchObject({ status: 401, code });
  });

  const signedIn = async (): Promise<Record<string, string>> => {
    const who = { email: `${randomId()}@example.org`, password: randomId() };
    await createApiClient(platform.url).register({ ...who, name: 'Ada' });
    const { accessToken } = (await send('/auth/token', JSON.stringify(who))) as unknown as { accessToken: string };
    return { authorization: `Bearer ${accessToken}` };
  };
});
