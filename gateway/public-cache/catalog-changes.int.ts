import { randomUUID } from 'node:crypto';
import { startEngines, type EnginesForTests } from '../../infra/engines/testing/engines-for-tests.js';
import { createEventStore, type EventStore } from '../../infra/event-store/event-store.js';
import { createWritableLog } from '../../infra/logging/testing/writable-log.js';
import { eventually } from '../e2e/testing/eventually.js';
import { followCatalogChanges, type CatalogChangesParts, type FollowedCatalog } from './catalog-changes.js';

let engines: EnginesForTests;
let eventStore: EventStore;
let followed: FollowedCatalog[] = [];

beforeAll(async () => {
  engines = await startEngines(['event-store']);
  eventStore = createEventStore(engines.env.EVENTSTORE_URL);
});
afterEach(async () => {
  await Promise.all(followed.map(({ stop }) => stop()));
  followed = [];
});
afterAll(async () => {
  await eventStore.dispose();
  await engines.stop();
});

const append = async (streamId: string): Promise<bigint> => {
  const metadata = {
    ...{
      commandId: 'c',
      $correlationId: 'c',
      $causationId: 'c',
      actor: 'a',
      at: '',
      traceparent: '',
      schemaVersion: 1,
    },
  };
  const { position } = await eventStore.append(
    streamId,
    [{ id: randomUUID(), type: 'Trial', data: {}, metadata }],
    'no_stream',
  );
  return position.commit;
};

const start = (parts: Partial<CatalogChangesParts>): FollowedCatalog => {
  const watermark = () => Promise.resolve(null);
  const changes = followCatalogChanges({ eventStore, watermark, log: createWritableLog().log, ...parts });
  followed.push(changes);
  return changes;
};

it('knows which event changed what last, from where the view is', async () => {
  const [early, mug] = [await append('product-early'), await append('product-mug')];
  const changes = start({ watermark: () => Promise.resolve(early) });
  expect(changes.newestOf('products')).toBeUndefined();
  await changes.known;
  expect(changes.newestOf('products')).toBe(mug);
  expect(changes.newestOf('product mug')).toBe(mug);
  expect(changes.newestOf('product other')).toBe(early);
  expect(changes.newestOf('categories')).toBe(early);

  const category = await append('category-cups');
  await append('order-o1');
  const stock = await append('stock-mug');
  await eventually(() => Promise.resolve(changes.newestOf('product mug') === stock));
  expect(changes.newestOf('products')).toBe(stock);
  expect(changes.newestOf('categories')).toBe(category);
});

it('knows nothing while it hears of nothing, and misses nothing of that time', async () => {
  let isAway = false;
  let breakOff: (error: Error) => void = () => undefined;
  const broken: EventStore['follow'] = async function* (categories, options) {
    if (isAway) throw new Error('The event store is away');
    const cut = new AbortController();
    const end = () => cut.abort();
    options.signal.addEventListener('abort', end);
    let fault: Error | undefined;
    breakOff = (error) => {
      fault = error;
      cut.abort();
    };
    yield* eventStore.follow(categories, { ...options, signal: cut.signal });
    if (fault) throw fault;
  };
  const changes = start({ eventStore: { follow: broken } });
  await changes.known;
  isAway = true;
  breakOff(new Error('The connection broke'));
  await eventually(() => Promise.resolve(changes.newestOf('products') === undefined));
  const missed = await append('product-missed');
  isAway = false;
  await eventually(() => Promise.resolve(changes.newestOf('products') !== undefined));
  expect(changes.newestOf('product missed')).toBe(missed);
});

it('begins once it is known how far the view is', async () => {
  let asked = 0;
  const watermark = () => {
    asked += 1;
    return asked === 1 ? Promise.reject(new Error('MongoDB is away')) : Promise.resolve(null);
  };
  const changes = start({ watermark });
  await changes.known;
  expect(asked).toBe(2);
});
