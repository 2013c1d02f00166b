import { serve } from '../testing/serve.js';
import { createDisturbances } from './disturbances.js';
import { createProviderApp } from './server.js';
import { createSimulatorClient } from './simulator-client.js';
import { startProvider, type StartedProvider } from './testing/start-provider.js';

let provider: StartedProvider;

beforeEach(async () => {
  provider = await startProvider();
});

afterEach(() => provider.stop());

describe('a request that makes no sense', () => {
  const valid = { orderId: 'o1', amount: 5, currency: 'EUR', method: 'pm_ok' };
  it.each([
    ['malformed JSON', '{', 'request_invalid'],
    ['a list', '[]', 'request_invalid'],
    ['no order', JSON.stringify({ ...valid, orderId: '' }), 'request_invalid'],
    ['a broken amount', JSON.stringify({ ...valid, amount: 0.5 }), 'request_invalid'],
    ['an amount of nothing', JSON.stringify({ ...valid, amount: 0 }), 'request_invalid'],
    ['a text as amount', JSON.stringify({ ...valid, amount: '5' }), 'request_invalid'],
    ['no currency', JSON.stringify({ ...valid, currency: 'euro' }), 'request_invalid'],
  ])('is refused: %s', async (_what, body, code) => {
    const response = await post('/authorisations', body);
    expect(response.status).toBe(400);
    expect(response.headers.get('content-type')).toContain('application/problem+json');
    expect(await response.json()).toMatchObject({ code });
  });

  it.each([
    ['without', {}],
    ['with a long', { 'idempotency-key': 'k'.repeat(256) }],
  ])('is refused %s key', async (_what, headers) => {
    const response = await fetch(`${provider.url}/authorisations`, { method: 'POST', headers });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ code: 'idempotency_key_missing' });
  });

  it('finds nothing at an unknown address', async () => {
    expect((await fetch(`${provider.url}/nowhere`)).status).toBe(404);
    expect(await provider.client.voidAuthorisation({ key: 'k1', reference: 'auth_unknown' })).toMatchObject({
      code: 'not_found',
    });
  });
});

it.each(['/health/live', '/health/ready'])('is healthy: %s', async (path) => {
  expect((await fetch(`${provider.url}${path}`)).status).toBe(200);
});

it('answers 500 and tells of it when the ledger fails', async () => {
  const execute = () => {
    throw new Error('disk full');
  };
  const errors: unknown[] = [];
  const broken = await serve(
    createProviderApp({
      ledger: { ...provider.ledger, execute },
      disturbances: createDisturbances({ random: Math.random, wait: () => Promise.resolve() }),
      beSlow: () => Promise.resolve(),
      onError: (error) => errors.push(error),
    }),
  );
  const client = createSimulatorClient({ url: broken.url, timeoutMs: 60_000 });
  await expect(client.voidByKey({ key: 'k1', authoriseKey: 'k2' })).rejects.toThrow('500');
  expect(errors).toEqual([new Error('disk full')]);
  await broken.stop();
});

const post = (path: string, body: string) =>
  fetch(`${provider.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': 'k1' },
    body,
  });
