import { startProvider, type StartedProvider } from './testing/start-provider.js';

const order = { key: 'k1', orderId: 'o1', amount: { amount: 1000, currency: 'EUR' }, method: 'pm_ok' };
const wellBehaved = { latencyMs: { min: 0, max: 0 }, failureRate: 0, silenceRate: 0 };

let provider: StartedProvider;

beforeEach(async () => {
  provider = await startProvider();
});
afterEach(() => provider.stop());

const put = (body: unknown) =>
  fetch(`${provider.url}/settings`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
const settings = async (): Promise<unknown> => (await fetch(`${provider.url}/settings`)).json();

it('behaves well until it is told otherwise', async () => {
  expect(await settings()).toEqual(wellBehaved);
  await provider.client.authorise(order);
  expect(provider.waits).toEqual([]);
});

it('takes all settings at once: what is left out is well again', async () => {
  await put({ failureRate: 0.5, latencyMs: { min: 5, max: 10 } });
  const response = await put({ silenceRate: 0.25 });
  expect(response.status).toBe(200);
  expect(await response.json()).toEqual({ ...wellBehaved, silenceRate: 0.25 });
  expect(await settings()).toEqual({ ...wellBehaved, silenceRate: 0.25 });
});

it('waits before every call', async () => {
  await put({ latencyMs: { min: 20, max: 20 } });
  await provider.client.authorise(order);
  await provider.client.ledger('o1');
  expect(provider.waits).toEqual([20, 20]);
});

it('fails before any effect', async () => {
  await put({ failureRate: 1 });
  await expect(provider.client.authorise(order)).rejects.toThrow('answered 500');
  expect(provider.ledger.allTotals()).toEqual([]);
  await put({});
  expect(await provider.client.authorise(order)).toMatchObject({ outcome: 'authorised' });
});

it('takes effect and gives no answer', async () => {
  await put({ silenceRate: 1 });
  await expect(provider.client.authorise(order)).rejects.toThrow('gave no answer');
  expect(provider.ledger.orderTotals('o1')).toMatchObject({ authorised: 1000 });
  await put({});
  await provider.client.authorise(order);
  expect(provider.ledger.orderTotals('o1')).toMatchObject({ authorised: 1000 });
});

it('is healthy whatever is set', async () => {
  await put({ failureRate: 1, silenceRate: 1 });
  expect((await fetch(`${provider.url}/health/ready`)).status).toBe(200);
});

it.each([
  ['a rate above one', { failureRate: 1.1 }, 'failureRate must be a number from 0 to 1'],
  ['a rate below nothing', { silenceRate: -0.1 }, 'silenceRate must be'],
  ['a rate as text', { failureRate: '1' }, 'failureRate must be'],
  ['a latency upside down', { latencyMs: { min: 2, max: 1 } }, 'min not above max'],
  ['half a latency', { latencyMs: { max: 1 } }, 'latencyMs must be'],
  ['an endless latency', { latencyMs: { min: 0, max: 60_001 } }, 'latencyMs must be'],
  ['something else', { failRate: 1 }, 'no other fields than latencyMs, failureRate, silenceRate'],
  ['a list', [], 'The body must be an object'],
])('refuses %s', async (_what, body, detail) => {
  const response = await put(body);
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({
    code: 'request_invalid',
    detail: expect.stringContaining(detail) as string,
  });
  expect(await settings()).toEqual(wellBehaved);
});
