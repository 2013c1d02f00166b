import { once, EventEmitter } from 'node:events';
import { contexts } from '../../domains/contexts.js';
import { createDiscovery } from '../service-registry/create-discovery.js';
import { createServiceRegistry, type ServiceRegistry } from '../service-registry/registry.js';
import { offerContexts, type OfferedContexts } from './offer-contexts.js';
import type { ServiceBus } from './service-bus.js';
import { coded, httpBusTo, silent, startServices, type Services } from './testing/services.js';

/** An instance that tells of every question, and answers when the test says so. */
type Instance = Readonly<{ offered: OfferedContexts; asked: string[]; answer: EventEmitter; arrived: EventEmitter }>;

let services: Services;
let registry: ServiceRegistry;
const running: OfferedContexts[] = [];
beforeAll(async () => {
  services = await startServices(contexts);
  registry = createServiceRegistry(services.postgres);
});
afterEach(async () => {
  await Promise.all(running.splice(0).map(({ stop }) => stop()));
});
afterAll(() => services.stop());

const start = async (): Promise<Instance> => {
  const asked: string[] = [];
  const [arrived, answer] = [new EventEmitter(), new EventEmitter()];
  const bus: ServiceBus = {
    send: () => Promise.reject(new Error('not asked for')),
    ask: async (_context, question) => {
      asked.push(question);
      const answered = once(answer, 'now');
      arrived.emit('question');
      if (question === 'slow') await answered;
      return question;
    },
  };
  const offered = await offerContexts({
    bus,
    contexts: ['users'],
    subject: { service: 'users', version: '1.2.3' },
    tokens: services.tokensOf('users'),
    log: silent,
    checks: {},
    registry,
    host: '127.0.0.1',
    port: 0,
  });
  running.push(offered);
  return { offered, asked, answer, arrived };
};

const urls = async () => (await registry.list('users')).map(({ url }) => url);
const registered = async (...instances: readonly Instance[]) => {
  while ((await urls()).length < instances.length) await services.postgres.query('select 1');
};
const busByRegistry = () =>
  httpBusTo([], {
    discovery: createDiscovery({ address: 'registry', registry, log: silent, everyMs: 0 }),
    tokens: services.tokensOf('orders'),
  });

describe('instances of a context', () => {
  it('are called in turn', async () => {
    const [first, second] = [await start(), await start()];
    await registered(first, second);
    const bus = busByRegistry();
    for (const question of ['a', 'b', 'c', 'd']) await bus.ask('users', question, {});
    expect([first.asked, second.asked].map(({ length }) => length)).toEqual([2, 2]);
  });

  it('are called no more once they give no sign of life', async () => {
    const [first, second] = [await start(), await start()];
    await registered(first, second);
    await services.postgres.query(
      `update service_instances set heartbeat_at = now() - interval '30 seconds' where url = $1`,
      [first.offered.url],
    );
    const bus = busByRegistry();
    for (const question of ['a', 'b', 'c', 'd']) await bus.ask('users', question, {});
    expect([first.asked, second.asked].map(({ length }) => length)).toEqual([0, 4]);
  });

  it('finish what they have begun when they stop, refuse the rest, and are no longer listed', async () => {
    const [stopping, staying] = [await start(), await start()];
    await registered(stopping, staying);
    const arrived = once(stopping.arrived, 'question');
    const slow = httpBusTo([stopping.offered.url], { tokens: services.tokensOf('orders') }).ask('users', 'slow', {});
    await arrived;

    const stopped = stopping.offered.stop();
    const patience = { repeats: 0 };
    const direct = httpBusTo([stopping.offered.url], { tokens: services.tokensOf('orders'), patience });
    await expect(direct.ask('users', 'late', {})).rejects.toThrow('This process is stopping');
    const other = httpBusTo([stopping.offered.url, staying.offered.url], { tokens: services.tokensOf('orders') });
    expect(await other.ask('users', 'elsewhere', {})).toBe('elsewhere');

    stopping.answer.emit('now');
    expect(await slow).toBe('slow');
    await stopped;
    expect(await urls()).toEqual([staying.offered.url]);
    expect([stopping.asked, staying.asked]).toEqual([['slow'], ['elsewhere']]);
    await expect(direct.ask('users', 'later', {})).rejects.toEqual(coded('service.unavailable'));
  });
});
