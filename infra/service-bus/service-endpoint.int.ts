import { createRemoteJWKSet, jwtVerify } from 'jose';
import { contexts } from '../../domains/contexts.js';
import { DomainError } from '../../domains/shared/errors.js';
import { serviceAudience } from '../security/service-tokens.js';
import type { ServiceBus } from './service-bus.js';
import { coded, httpBusTo, message, startServices, type Offered, type Services } from './testing/services.js';

let services: Services;
let offered: Offered;
/** What the contexts answer. */
let answer: () => Promise<unknown>;

beforeAll(async () => {
  services = await startServices(contexts);
  const bus: ServiceBus = {
    send: async () => (await answer()) as Awaited<ReturnType<ServiceBus['send']>>,
    ask: () => answer(),
  };
  offered = await services.offer(bus, ['orders']);
});
afterAll(() => services.stop());

const aNumber: unknown = expect.any(Number);
const aString: unknown = expect.any(String);

const get = (path: string) => fetch(`${offered.url}${path}`);
const post = async (path: string, body: string, headers: Record<string, string> = {}) => {
  const authorization = `Bearer ${await services.tokensOf('gateway').issue()}`;
  const response = await fetch(`${offered.url}${path}`, {
    method: 'POST',
    headers: { authorization, 'content-type': 'application/json', ...headers },
    body,
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
};

describe('a service endpoint', () => {
  it('tells how it is', async () => {
    expect(await (await get('/health')).json()).toEqual({
      status: 'ok',
      service: 'orders',
      version: '1.2.3',
      uptime: aNumber,
      memory: { rss: aNumber, heapTotal: aNumber, heapUsed: aNumber },
      cpu: { user: aNumber, system: aNumber },
      timestamp: aString,
      dependencies: { postgres: 'up' },
    });
    expect((await get('/health/live')).status).toBe(204);
    const ready = await get('/health/ready');
    expect([ready.status, await ready.json()]).toEqual([200, { status: 'ready', dependencies: { postgres: 'up' } }]);
  });

  it('counts requests and what commands came to', async () => {
    answer = () => Promise.resolve({ revision: 0 });
    await post('/commands/orders', JSON.stringify(message('MarkOrderPaid', {})));
    answer = () => Promise.reject(new DomainError('order.not_found', 'There is none'));
    await post('/commands/orders', JSON.stringify(message('MarkOrderPaid', {})));
    answer = () => Promise.reject(new DomainError('command.unknown', 'There is none'));
    await post('/commands/orders', JSON.stringify(message('FlyToTheMoon', {})));
    const response = await get('/metrics');
    const text = await response.text();
    expect(response.headers.get('content-type')).toContain('text/plain; version=0.0.4');
    expect(text.split('\n')).toEqual(
      expect.arrayContaining([
        'evermart_commands_total{type="MarkOrderPaid",outcome="done"} 1',
        'evermart_commands_total{type="MarkOrderPaid",outcome="order.not_found"} 1',
        'evermart_commands_total{type="(unknown)",outcome="command.unknown"} 1',
        'evermart_request_duration_seconds_count{method="POST",route="/commands/:context",status="404"} 2',
        'evermart_requests_in_flight 1',
      ]),
    );
    expect(text).toContain('process_resident_memory_bytes');
  });

  it('gives the key that its callers’ tokens are checked with', async () => {
    const keys = createRemoteJWKSet(new URL('/.well-known/jwks.json', offered.url));
    const token = await services.tokensOf('workflows').issue();
    const { payload, protectedHeader } = await jwtVerify(token, keys, { audience: serviceAudience });
    expect(payload).toMatchObject({ iss: 'workflows', sub: 'workflows' });
    expect(protectedHeader.alg).toBe('EdDSA');
  });

  it.each([
    ['without a token', {}, 'auth.missing_token'],
    ['with a token that is not ours', { authorization: 'Bearer mine' }, 'auth.invalid_token'],
  ])('answers nobody %s', async (_, headers, code) => {
    const response = await fetch(`${offered.url}/commands/orders`, { method: 'POST', headers });
    expect([response.status, await response.json()]).toEqual([401, expect.objectContaining({ code })]);
  });

  it('says of another context that it does not run here', async () => {
    expect(await post('/commands/users', JSON.stringify(message('RegisterUser', {})))).toMatchObject({
      status: 503,
      body: { code: 'service.unavailable', upstream: 'users' },
    });
  });

  it.each([
    ['no JSON', '{', {}, 400, 'request.malformed_json'],
    ['too much', `"${'a'.repeat(2 * 1024 * 1024)}"`, {}, 413, 'request.too_large'],
    [
      'another alphabet',
      '{}',
      { 'content-type': 'application/json; charset=latin1' },
      415,
      'request.unsupported_media_type',
    ],
    ['no command', '{"type":1}', {}, 400, 'command.invalid'],
  ])('refuses %s', async (_, body, headers, status, code) => {
    expect(await post('/commands/orders', body, headers)).toMatchObject({ status, body: { code } });
  });

  it('names every field that is wrong', async () => {
    const { body } = await post('/commands/orders', JSON.stringify({ ...message('X', {}), type: 1, actor: 1 }));
    expect((body['errors'] as { pointer: string }[]).map(({ pointer }) => pointer)).toEqual(['/type', '/actor']);
  });

  it('knows no other address', async () => {
    expect(await post('/commands', '{}')).toMatchObject({ status: 404, body: { code: 'route.not_found' } });
  });

  it('tells nothing of an unexpected failure', async () => {
    answer = () => Promise.reject(new Error('secret'));
    const bus = httpBusTo([offered.url], { tokens: services.tokensOf('gateway') });
    await expect(bus.ask('orders', 'x', {})).rejects.toMatchObject({
      code: 'internal.error',
      message: 'Something went wrong on our side',
    });
  });

  it('passes on an answer of nothing', async () => {
    answer = () => Promise.resolve(undefined);
    const bus = httpBusTo([offered.url], { tokens: services.tokensOf('gateway') });
    expect(await bus.ask('orders', 'x', {})).toBeNull();
  });

  it('answers nobody whose token was signed elsewhere', async () => {
    const bus = httpBusTo([offered.url], { tokens: { issue: () => Promise.resolve('a.b.c') } });
    await expect(bus.ask('orders', 'x', {})).rejects.toEqual(coded('auth.invalid_token'));
  });
});
