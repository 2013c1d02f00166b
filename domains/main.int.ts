import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { pino } from 'pino';
import { v4 as randomId } from 'uuid';
import { startEngines, type EnginesForTests } from '../infra/engines/testing/engines-for-tests.js';
import { createPostgres, type Postgres } from '../infra/postgres/postgres.js';
import { createKeyring } from '../infra/security/keyring.js';
import { createServiceTokens } from '../infra/security/service-tokens.js';
import { createHttpServiceBus } from '../infra/service-bus/http-service-bus.js';
import type { ServiceBus } from '../infra/service-bus/service-bus.js';
import { createDiscovery } from '../infra/service-registry/create-discovery.js';
import { createServiceRegistry, type ServiceRegistry } from '../infra/service-registry/registry.js';
import { newTraceparent } from '../infra/telemetry/tracing.js';
import { contexts } from './contexts.js';

const masterKey = 'ab'.repeat(32);
const log = pino({ level: 'silent' });
const entry = join(import.meta.dirname, '../dist/domains/main.js');

let engines: EnginesForTests;
let postgres: Postgres;
let registry: ServiceRegistry;
let bus: ServiceBus;
const children: ChildProcess[] = [];

beforeAll(async () => {
  engines = await startEngines(['event-store', 'postgres']);
  postgres = createPostgres(engines.env.POSTGRES_URL);
  registry = createServiceRegistry(postgres);
  bus = createHttpServiceBus({
    discovery: createDiscovery({ address: 'registry', registry, log }),
    tokens: createServiceTokens({ keyring: createKeyring({ postgres, masterKey }), service: 'gateway' }),
    log,
  });
});
afterAll(async () => {
  children.forEach((child) => child.kill('SIGKILL'));
  await postgres.end();
  await engines.stop();
});

const run = (...args: readonly string[]) => {
  const child = spawn(process.execPath, [entry, ...args], {
    env: { ...process.env, ...engines.env, MASTER_KEY: masterKey },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  return child;
};
/** Runs contexts until they are in the registry. */
const start = async (...contexts: readonly string[]) => {
  const child = run(...contexts);
  for await (const line of createInterface(child.stdout)) if (line.includes('"msg":"started"')) break;
  child.stdout.resume();
  for (const context of contexts) while ((await registry.list(context)).length === 0) await postgres.query('select 1');
  return child;
};
const runToEnd = async (...args: readonly string[]) => {
  const child = run(...args);
  const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  return { code: child.exitCode, output, errors };
};
const placeOrder = (userId: string) => ({
  type: 'PlaceOrder',
  data: {
    orderId: randomId(),
    userId,
    items: [{ productId: 'mug', quantity: 1 }],
    paymentMethod: 'pm_ok',
    shippingAddress: { name: 'Ada', street: '12 St James Square', city: 'London', postalCode: 'SW1Y', country: 'GB' },
  },
  at: new Date().toISOString(),
  commandId: randomId(),
  correlationId: randomId(),
  actor: '(test)',
  traceparent: newTraceparent(),
});

describe('npm run service', () => {
  it('runs contexts that find each other, until they are stopped', async () => {
    const orders = await start('orders');
    await expect(bus.send('orders', placeOrder('nobody'))).rejects.toMatchObject({ code: 'service.unavailable' });

    const others = await start('users', 'catalog');
    await expect(bus.send('orders', placeOrder('nobody'))).rejects.toMatchObject({ code: 'order.unknown_user' });

    for (const child of [orders, others]) {
      child.kill('SIGTERM');
      expect(await once(child, 'exit')).toEqual([0, null]);
    }
    expect([await registry.list('orders'), await registry.list('users')]).toEqual([[], []]);
  });

  it('says which contexts there are', async () => {
    const { code, output } = await runToEnd('--help');
    expect(code).toBe(0);
    expect(output).toContain('Usage: npm run service -- [options] [contexts...]');
    expect(output.replace(/\s+/g, ' ')).toContain(`some of ${contexts.map(({ context }) => context).join(', ')};`);
  });

  it('refuses a context that does not exist', async () => {
    const { code, errors } = await runToEnd('orders', 'moon');
    expect(code).toBe(1);
    expect(errors).toMatch(/^domains: Wrong settings: contexts must be among users, .*; moon is not one\n$/);
  });
});
