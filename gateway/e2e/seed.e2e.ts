import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { createEventStore, type EventStore } from '../../infra/event-store/event-store.js';
import { createApiClient } from '../client/api-client.js';
import { seedCustomer, seedProduct } from '../client/seed-data.js';
import { eventually } from './testing/eventually.js';
import { startPlatformForTests, type RunningPlatform } from './testing/running-platform.js';

let platform: RunningPlatform;
let eventStore: EventStore;

beforeAll(async () => {
  platform = await startPlatformForTests();
  eventStore = createEventStore(platform.process('event-store').url);
});
afterAll(async () => {
  await eventStore.dispose();
  await platform.stop();
});

const seed = async (...options: readonly string[]): Promise<unknown> => {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['dist/gateway/client/seed.js', '--json', ...options],
    { env: { ...process.env, DATA_DIR: platform.dataDir, NODE_OPTIONS: '' } },
  );
  return JSON.parse(stdout) as unknown;
};

const numbers = [1, 2, 3, 4, 5];
const pieces = numbers.reduce((sum, number) => sum + seedProduct('e2e', number).pieces, 0);

describe('a seed', () => {
  it('fills the store, and a second time with the same name changes nothing', async () => {
    const options = ['--name', 'e2e', '--products', '5', '--customers', '3'];
    const expected = { name: 'e2e', products: 5, pieces, customers: 3 };
    expect(await seed(...options)).toEqual(expected);
    const head = await eventStore.head();
    expect(await seed(...options)).toEqual(expected);
    // The welcome of those who registered may still be on its way: only what a seed fills must not change.
    const { events } = await eventStore.readNewer(['user', 'email', 'product', 'sku', 'stock'], head);
    expect(events).toEqual([]);
  });

  it('has customers who can sign in, and products that the shop shows', async () => {
    const { email, password } = seedCustomer('e2e', 3);
    await createApiClient(platform.url).signIn({ email, password });
    const shown = await eventually(async () => {
      const response = await fetch(`${platform.url}/api/v1/products?limit=100`);
      const { items } = (await response.json()) as { items: { sku: string; available: number }[] };
      return items.filter(({ available }) => available > 0).length === numbers.length && items;
    });
    const wanted = numbers.map((number) => seedProduct('e2e', number));
    expect(new Map(shown.map(({ sku, available }) => [sku, available]))).toEqual(
      new Map(wanted.map(({ product: { sku }, pieces: available }) => [sku, available])),
    );
  });
});
