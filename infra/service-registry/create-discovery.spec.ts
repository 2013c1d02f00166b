import { pino } from 'pino';
import { DomainError } from '../../domains/shared/errors.js';
import { createDiscovery, type DiscoverySettings } from './create-discovery.js';

const log = pino({ level: 'silent' });
const registry = { list: () => Promise.resolve([]) };
const discover = (address: string, over: Partial<DiscoverySettings> = {}) =>
  createDiscovery({ address, registry, log, ...over });

describe('discovery', () => {
  it.each([
    ['one address', 'http://127.0.0.1:8081', ['http://127.0.0.1:8081']],
    ['an address for each context', 'http://domains-{context}:8081/', ['http://domains-users:8081']],
    ['several addresses', 'http://a:1, https://{context}.b', ['http://a:1', 'https://users.b']],
  ])('takes %s as it is', async (_, address, urls) => {
    expect(await discover(address).instancesOf('users')).toEqual(urls);
  });

  it('takes every address of a host, in the same order each time', async () => {
    const hosts: string[] = [];
    const resolve = (host: string) => {
      hosts.push(host);
      return Promise.resolve([
        { address: '10.0.0.2', family: 4 },
        { address: 'fd00::1', family: 6 },
        { address: '10.0.0.1', family: 4 },
      ]);
    };
    const urls = await discover('dns://{context}.evermart.local:8081', { resolve }).instancesOf('users');
    expect(urls).toEqual(['http://10.0.0.1:8081', 'http://10.0.0.2:8081', 'http://[fd00::1]:8081']);
    expect(hosts).toEqual(['users.evermart.local']);
  });

  it('asks the resolver of the system', async () => {
    expect(await discover('dns://localhost:8081').instancesOf('users')).toContain('http://127.0.0.1:8081');
  });

  it('says so where a host has no address', async () => {
    const resolve = () => Promise.reject(new Error('ENOTFOUND'));
    await expect(discover('dns://nowhere:8081', { resolve }).instancesOf('users')).rejects.toEqual(
      expect.objectContaining({ code: 'service.unavailable', cause: new Error('ENOTFOUND') }),
    );
  });

  it.each(['', 'nonsense', 'registry:', 'ftp://a', 'dns://host', 'http://a,', 'http://a,dns://b:1'])(
    'refuses %j',
    (address) => {
      expect(() => discover(address)).toThrow('DOMAINS_URL must be "registry"');
    },
  );
});

describe('what was heard of where services are', () => {
  const heardEvery = 10;
  let now: number;
  let found: readonly string[] | Error;
  let asked: number;
  const resolve = () => {
    asked += 1;
    return found instanceof Error
      ? Promise.reject(found)
      : Promise.resolve(found.map((address) => ({ address, family: 4 })));
  };
  const start = () => discover('dns://host:1', { resolve, everyMs: heardEvery, now: () => now });
  const soon = () => new Promise((done) => setImmediate(done));
  beforeEach(() => {
    now = 0;
    found = ['10.0.0.1'];
    asked = 0;
  });

  it('is believed for a while, and then asked again in the background', async () => {
    const discovery = start();
    expect(await discovery.instancesOf('users')).toEqual(['http://10.0.0.1:1']);
    found = ['10.0.0.2'];
    now = heardEvery - 1;
    expect(await discovery.instancesOf('users')).toEqual(['http://10.0.0.1:1']);
    await soon();
    expect(asked).toBe(1);

    now = heardEvery;
    expect(await discovery.instancesOf('users')).toEqual(['http://10.0.0.1:1']);
    expect(await discovery.instancesOf('users')).toEqual(['http://10.0.0.1:1']);
    await soon();
    expect(asked).toBe(2);
    expect(await discovery.instancesOf('users')).toEqual(['http://10.0.0.2:1']);
  });

  it('goes on while nobody can be asked', async () => {
    const discovery = start();
    await discovery.instancesOf('users');
    found = new DomainError('service.unavailable', 'PostgreSQL does not answer');
    for (now = heardEvery; now <= 3 * heardEvery; now += heardEvery) {
      expect(await discovery.instancesOf('users')).toEqual(['http://10.0.0.1:1']);
      await soon();
    }
    expect(asked).toBe(4);
    found = ['10.0.0.2'];
    await discovery.instancesOf('users');
    await soon();
    expect(await discovery.instancesOf('users')).toEqual(['http://10.0.0.2:1']);
  });

  it('is asked again at once where nobody offered it', async () => {
    const discovery = start();
    found = [];
    expect(await discovery.instancesOf('users')).toEqual([]);
    found = ['10.0.0.1'];
    expect(await discovery.instancesOf('users')).toEqual(['http://10.0.0.1:1']);
  });
});
