import { pino } from 'pino';
import { v4 as randomId } from 'uuid';
import { startEngines, type EnginesForTests } from '../engines/testing/engines-for-tests.js';
import { createPostgres, type Postgres } from '../postgres/postgres.js';
import { createDiscovery } from './create-discovery.js';
import { register } from './registration.js';
import { createServiceRegistry, type Instance, type ServiceRegistry } from './registry.js';

const log = pino({ level: 'silent' });
let engines: EnginesForTests;
let postgres: Postgres;
let registry: ServiceRegistry;

beforeAll(async () => {
  engines = await startEngines(['postgres']);
  postgres = createPostgres(engines.env.POSTGRES_URL);
  registry = createServiceRegistry(postgres);
});
beforeEach(async () => {
  await registry.list('users');
  await postgres.query('truncate service_instances');
});
afterAll(async () => {
  await postgres.end();
  await engines.stop();
});

const instance = (over: Partial<Instance> = {}): Instance => ({
  instanceId: randomId(),
  contexts: ['users'],
  url: 'http://10.0.0.1:8081',
  version: '1.2.3',
  ...over,
});
/** Puts the last sign of life of an instance so far into the past, by the clock of the database. */
const age = ({ instanceId }: Instance, interval: string) =>
  postgres.query('update service_instances set heartbeat_at = now() - $2::interval where instance_id = $1', [
    instanceId,
    interval,
  ]);
const urlsOf = (context: string) => createDiscovery({ address: 'registry', registry, log }).instancesOf(context);
const until = async (holds: () => Promise<boolean>) => {
  while (!(await holds())) await postgres.query('select 1');
};

describe('the service registry', () => {
  it('lists who offers a context', async () => {
    const both = instance({ contexts: ['users', 'orders'], url: 'http://10.0.0.2:8081' });
    await registry.beat(instance());
    await registry.beat(both);
    expect(await registry.list('orders')).toEqual([
      {
        instanceId: both.instanceId,
        url: both.url,
        version: '1.2.3',
        startedAt: expect.any(Date) as Date,
        heartbeatAt: expect.any(Date) as Date,
        status: 'UP',
      },
    ]);
    expect(await urlsOf('users')).toEqual(['http://10.0.0.1:8081', 'http://10.0.0.2:8081']);
    expect(await urlsOf('moon')).toEqual([]);
  });

  it('holds an instance without a sign of life for thirty seconds to be down, until it gives one', async () => {
    const [first, second] = [instance(), instance({ url: 'http://10.0.0.2:8081' })];
    await registry.beat(first);
    await registry.beat(second);
    await age(first, '29 seconds');
    expect(await urlsOf('users')).toEqual([first.url, second.url]);
    await age(first, '30 seconds');
    expect((await registry.list('users')).map(({ status }) => status)).toEqual(['DOWN', 'UP']);
    expect(await urlsOf('users')).toEqual([second.url]);
    await registry.beat(first);
    expect(await urlsOf('users')).toEqual([first.url, second.url]);
  });

  it('forgets after a day those that never deregistered', async () => {
    const lost = instance();
    await registry.beat(lost);
    await age(lost, '25 hours');
    await registry.beat(instance({ contexts: ['orders'] }));
    expect(await registry.list('users')).toEqual([]);
  });
});

describe('a registration', () => {
  it('gives signs of life again and again, and ends with the process', async () => {
    const registered = instance();
    const registration = register({ registry, instance: registered, log, everyMs: 1 });
    await until(async () => (await urlsOf('users')).length === 1);
    await age(registered, '1 hour');
    await until(async () => (await urlsOf('users')).length === 1);
    await registration.stop();
    expect(await registry.list('users')).toEqual([]);
  });

  it('lets a sign of life under way come first when it ends', async () => {
    const order: string[] = [];
    let arrive: () => void = () => undefined;
    const slow: ServiceRegistry = {
      ...registry,
      beat: () =>
        new Promise((resolve) => {
          arrive = () => {
            order.push('sign of life');
            resolve();
          };
        }),
      deregister: () => Promise.resolve(void order.push('deregistered')),
    };
    const stopped = register({ registry: slow, instance: instance(), log }).stop();
    await registry.list('users');
    arrive();
    await stopped;
    expect(order).toEqual(['sign of life', 'deregistered']);
  });

  it('goes on while the registry is away, also at first and at last', async () => {
    let isAway = true;
    let missed = 0;
    const lines: string[] = [];
    const flaky: ServiceRegistry = {
      ...registry,
      beat: (given) => {
        if (!isAway) return registry.beat(given);
        missed += 1;
        return Promise.reject(new Error('away'));
      },
      deregister: () => Promise.reject(new Error('away')),
    };
    const told = pino({ base: null }, { write: (line) => void lines.push((JSON.parse(line) as { msg: string }).msg) });
    const registration = register({ registry: flaky, instance: instance(), log: told, everyMs: 1 });
    await until(() => Promise.resolve(missed >= 3));
    isAway = false;
    await until(async () => (await urlsOf('users')).length === 1);
    await registration.stop();
    expect(lines).toEqual([
      'cannot give a sign of life to the registry; goes on trying',
      'registered again',
      'could not deregister; it counts as down soon',
    ]);
  });
});
