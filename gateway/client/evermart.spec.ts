import { answered, createEvermart } from './evermart.js';
import { ApiProblem } from './problem.js';
import { pauseMs } from './sending.js';
import { startFakeGateway, type Came, type FakeGateway, type Told } from './testing/fake-gateway.js';

let gateway: FakeGateway;
beforeEach(async () => {
  gateway = await startFakeGateway();
});
afterEach(() => gateway.close());

const who = { email: 'ada@example.org', password: 'analytical engine' };
const body = {
  items: [{ productId: 'mug', quantity: 1 }],
  paymentMethod: 'pm_ok',
  shippingAddress: { name: 'Ada', street: '1 Mill Lane', city: 'London', postalCode: 'N1', country: 'GB' },
};
const refusal = (status: number, code: string, headers: Record<string, string> = {}): Told => ({
  status,
  headers,
  body: { status, code, detail: 'Not now' },
});
const to = (path: string) => gateway.came.filter((each) => each.path === path);
const headerOf = (name: string) => (each: Came) => each.headers[name];

describe('an access token that has expired', () => {
  /** Tokens are numbered; only the second one is still good. */
  const signedIn = async () => {
    let given = 0;
    gateway.answer(({ path, headers }) => {
      if (path.startsWith('/api/v1/auth/')) {
        given += 1;
        return { body: { accessToken: `access-${given}`, refreshToken: `refresh-${given}` } };
      }
      return headers.authorization === 'Bearer access-2' ? { body: {} } : refusal(401, 'auth.expired_token');
    });
    const evermart = createEvermart(gateway.url);
    await evermart.signIn(who);
    return evermart;
  };

  it('is renewed once, however many requests it was refused to', async () => {
    const { api } = await signedIn();
    await Promise.all([1, 2, 3, 4, 5].map(() => api.GET('/api/v1/cart')));
    expect(to('/api/v1/auth/refresh').map(({ body: sent }) => sent)).toEqual(['{"refreshToken":"refresh-1"}']);
    await api.POST('/api/v1/orders', { body });
    expect(to('/api/v1/orders').map(headerOf('authorization'))).toEqual(['Bearer access-2']);
  });

  it('is a problem where it cannot be renewed', async () => {
    const { api } = await signedIn();
    gateway.answer(() => refusal(401, 'auth.invalid_token'));
    await expect(api.GET('/api/v1/cart')).rejects.toMatchObject({ status: 401, code: 'auth.invalid_token' });
    await expect(api.GET('/api/v1/cart')).rejects.toMatchObject({ status: 401 });
    expect(to('/api/v1/auth/refresh')).toHaveLength(1);
  });

  it('says nothing to sign in with but email and password', async () => {
    await signedIn().then(({ signIn }) => signIn({ ...who, ...{ name: 'Ada' } }));
    expect(JSON.parse(to('/api/v1/auth/token')[1]?.body ?? '')).toEqual(who);
  });
});

describe('a command', () => {
  it('keeps its key, and its body, when it is sent again', async () => {
    gateway.answer(() =>
      gateway.came.length < 3 ? refusal(503, 'service.unavailable', { 'retry-after': '0' }) : { body: { id: 'o1' } },
    );
    const { api } = createEvermart(gateway.url);
    expect(await answered(api.POST('/api/v1/orders', { body }))).toEqual({ id: 'o1' });
    expect(gateway.came).toHaveLength(3);
    expect(new Set(gateway.came.map(headerOf('idempotency-key'))).size).toBe(1);
    expect(gateway.came.map(({ body: sent }) => JSON.parse(sent) as unknown)).toEqual([body, body, body]);
  });

  it('is sent again under its key where the connection breaks', async () => {
    gateway.answer((_, response) => {
      if (gateway.came.length > 1) return { body: { id: 'o1' } };
      response.destroy();
      return undefined;
    });
    const { api } = createEvermart(gateway.url);
    await api.POST('/api/v1/orders', { body, headers: { 'idempotency-key': 'mine' } });
    expect(gateway.came.map(headerOf('idempotency-key'))).toEqual(['mine', 'mine']);
  });

  it('has another key than the one before', async () => {
    gateway.answer(() => ({ body: {} }));
    const { api } = createEvermart(gateway.url);
    await api.POST('/api/v1/orders', { body });
    await api.POST('/api/v1/orders', { body });
    expect(new Set(gateway.came.map(headerOf('idempotency-key'))).size).toBe(2);
  });

  it('that is refused for good is sent once, and its problem has a code', async () => {
    gateway.answer(() => refusal(409, 'order.not_cancellable'));
    const { api } = createEvermart(gateway.url);
    const refused = api.POST('/api/v1/orders/{id}/cancel', { params: { path: { id: 'o1' } }, body: {} });
    await expect(refused).rejects.toMatchObject({ name: 'ApiProblem', status: 409, code: 'order.not_cancellable' });
    expect(gateway.came).toHaveLength(1);
  });
});

describe('a problem', () => {
  it('says which fields are wrong, and how the request is found again', async () => {
    const errors = [{ pointer: '/items/0/quantity', detail: 'must be >= 1' }];
    gateway.answer(() => ({ status: 400, body: { code: 'request.invalid', detail: 'Look', errors, traceId: 'abc' } }));
    const { api } = createEvermart(gateway.url);
    await expect(api.POST('/api/v1/orders', { body })).rejects.toMatchObject({ errors, traceId: 'abc' });
  });

  it('has no fields where the answer is none of ours', async () => {
    gateway.answer((_, response) => void response.writeHead(400).end('Bad Request'));
    const { api } = createEvermart(gateway.url);
    await expect(api.GET('/api/v1/cart')).rejects.toMatchObject({ status: 400, errors: [], traceId: undefined });
  });
});

describe('a query', () => {
  it('asks for what was written, of each category the furthest', async () => {
    const tokens = ['5.order', '11.order,6.stock', '9.order', undefined];
    gateway.answer(({ method }) => {
      const token = method === 'POST' ? tokens.shift() : undefined;
      return { body: {}, ...(token !== undefined && { headers: { 'x-consistency-token': token } }) };
    });
    const { api } = createEvermart(gateway.url);
    await api.GET('/api/v1/cart');
    for (let sent = 0; sent < 4; sent += 1) await api.POST('/api/v1/orders', { body });
    await api.GET('/api/v1/cart');
    expect(to('/api/v1/cart').map(headerOf('x-consistency-token'))).toEqual([undefined, '11.order,6.stock']);
  });
});

describe('the pause before something is sent again', () => {
  it('is what the platform says, else longer each time', () => {
    expect(pauseMs(new ApiProblem(429, 'rate.limited', 'Slower', { retryAfter: 7 }), 0)).toBe(7_000);
    const silent = new ApiProblem(502, 'service.unavailable', 'Away');
    expect([0, 1, 2].map((tried) => pauseMs(silent, tried))).toEqual([200, 400, 800]);
  });

  it('is told to whoever sends again themselves', async () => {
    gateway.answer(() => refusal(429, 'rate.limited', { 'retry-after': '7' }));
    const { api } = createEvermart(gateway.url, { retries: 0 });
    await expect(api.GET('/api/v1/cart')).rejects.toMatchObject({ status: 429, retryAfter: 7 });
  });
});

describe('whoever follows', () => {
  /** One after the other, what streams say until they break off. */
  const streams = (...texts: readonly string[]) => {
    const left = [...texts];
    gateway.answer((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.end(left.shift() ?? '');
      return undefined;
    });
  };
  const follow = async (count: number, lastEventId?: string) => {
    const { follow: messages } = createEvermart(gateway.url);
    const found: string[] = [];
    for await (const { data } of messages({ orderId: 'o1', ...(lastEventId !== undefined && { lastEventId }) })) {
      found.push(data);
      if (found.length === count) break;
    }
    return found;
  };
  const resumed = () => gateway.came.map(headerOf('last-event-id'));

  it('goes on after the last message that came', async () => {
    streams('retry: 0\n\nid: 4\ndata: a\n\nid: 5\ndata: b\n\n', 'id: 6\ndata: c\n\n');
    expect(await follow(3, '3')).toEqual(['a', 'b', 'c']);
    expect(resumed()).toEqual(['3', '5']);
  });

  it('goes on from where the stream began where no message came', async () => {
    streams('retry: 0\nid: 3\n\n', 'id: 4\ndata: a\n\n');
    expect(await follow(1)).toEqual(['a']);
    expect(resumed()).toEqual([undefined, '3']);
  });

  it('stops where the signal says so, also while it waits to connect again', async () => {
    streams('retry: 600000\n\nid: 4\ndata: a\n\n');
    const stopping = new AbortController();
    const messages = createEvermart(gateway.url).follow({ orderId: 'o1', signal: stopping.signal });
    await messages.next();
    const next = messages.next();
    await new Promise(setImmediate);
    stopping.abort();
    expect(await next).toEqual({ done: true, value: undefined });
  });

  it('hears why it is refused', async () => {
    gateway.answer(() => refusal(404, 'order.not_found'));
    await expect(follow(1)).rejects.toMatchObject({ status: 404, code: 'order.not_found' });
  });
});
