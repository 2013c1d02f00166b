import { callAt } from '../http/testing/client.js';
import { startTestGateway, type TestGateway } from '../http/testing/gateway.js';

const up = () => Promise.resolve(true);
const away = () => Promise.reject(new Error('refused'));

const aNumber: unknown = expect.any(Number);
const aString: unknown = expect.any(String);

let gateway: TestGateway;
const start = async (checks: Parameters<typeof startTestGateway>[0]) => {
  gateway = await startTestGateway(checks);
};
const get = async (path: string) => {
  const { status, body } = await callAt(gateway.url, 'GET', path);
  return { status, body };
};

afterEach(() => gateway.close());

describe('the gateway', () => {
  it('names what it waits for', async () => {
    await start({ needed: { postgres: up, mongodb: away, temporal: () => Promise.resolve(false) }, others: {} });
    expect(await get('/health/ready')).toEqual({
      status: 503,
      body: { status: 'waiting', dependencies: { postgres: 'up', mongodb: 'down', temporal: 'down' } },
    });
    expect(await get('/health')).toMatchObject({ status: 200, body: { status: 'degraded' } });
  });

  it('is ready without the other processes, and shows them', async () => {
    await start({ needed: { postgres: up }, others: { workflows: away } });
    expect(await get('/health/ready')).toEqual({
      status: 200,
      body: { status: 'ready', dependencies: { postgres: 'up' } },
    });
    expect(await get('/health')).toEqual({
      status: 200,
      body: {
        status: 'degraded',
        service: 'gateway',
        version: '0.0.0',
        uptime: aNumber,
        memory: { rss: aNumber, heapTotal: aNumber, heapUsed: aNumber },
        cpu: { user: aNumber, system: aNumber },
        timestamp: aString,
        dependencies: { postgres: 'up', workflows: 'down' },
      },
    });
  });

  it('lives, and offers the key of its tokens', async () => {
    await start({ needed: { postgres: away }, others: {} });
    expect(await get('/health/live')).toEqual({ status: 204, body: {} });
    expect(await get('/.well-known/jwks.json')).toEqual({ status: 200, body: { keys: [] } });
  });
});
