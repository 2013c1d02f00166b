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
const age = ({ instanceId }: Instance, interval: string, target = postgres) =>
  target.query('update service_instances set heartbeat_at = now() - $2::interval where instance_id = $1', [
    instanceId,
    interval,
  ]);
const urlsOf = (context: string, asked = registry) =>
  createDiscovery({ address: 'registry', registry: asked, log }).instancesOf(context);
const isUp = async (context: string) => (await registry.list(context)).some(({ status }) => status === 'UP');
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
    // They start at the same instant, so their ids put them in order.
    const [first, second] = [1, 2].map((number) =>
      instance({ instanceId: `00000000-0000-4000-8000-00000000000${number}`, url: `http://10.0.0.${number}:8081` }),
    ) as [Instance, Instance];
    // Within a transaction, which a pool of one connection stays in, the clock of the database stands still.
    const still = createPostgres(engines.env.POSTGRES_URL, 1);
    const standing = createServiceRegistry(still);
    await standing.list('users');
    await still.query('begin');
    await standing.beat(first);
    await standing.beat(second);
    await age(first, '29.999 seconds', still);
    expect(await urlsOf('users', standing)).toEqual([first.url, second.url]);
    await age(first, '30 seconds', still);
    expect((await standing.list('users')).map(({ status }) => status)).toEqual(['DOWN', 'UP']);
    expect(await urlsOf('users', standing)).toEqual([second.url]);
    await standing.beat(first);
    expect(await urlsOf('users', standing)).toEqual([first.url, second.url]);
    await still.query('rollback');
    await still.end();
  });

  it('offers those that were up last where none is up: all beats are missed while PostgreSQL is away', async () => {
    const [lost, first, second] = [1, 2, 3].map((host) => instance({ url: `http://10.0.0.${host}:8081` })) as [
      Instance,
      Instance,
      Instance,
    ];
    for (const each of [lost, first, second]) await registry.beat(each);
    await age(lost, '10 minutes');
    await age(first, '5 minutes');
    await age(second, '309 seconds');
    expect(await urlsOf('users')).toEqual([first.url, second.url]);
    await registry.beat(second);
    expect(await urlsOf('users')).toEqual([second.url]);
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
    await until(() => isUp('users'));
    await age(registered, '1 hour');
    await until(() => isUp('users'));
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
    await until(() => isUp('users'));
    await registration.stop();
    expect(lines).toEqual([
      'cannot give a sign of life to the registry; goes on trying',
      'registered again',
      'could not deregister; it counts as down soon',
    ]);
  });

  it('gives a sign of life again a second after one was missed', async () => {
    let tries = 0;
    const flaky: ServiceRegistry = {
      ...registry,
      beat: (given) => {
        tries += 1;
        return tries === 2 ? registry.beat(given) : Promise.reject(new Error('away'));
      },
    };
    const registration = register({ registry: flaky, instance: instance(), log, everyMs: 3_600_000 });
    await until(() => isUp('users'));
    await registration.stop();
    expect(tries).toBe(2);
  });
});
