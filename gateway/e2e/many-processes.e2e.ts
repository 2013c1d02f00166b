import { join } from 'node:path';
import { startEngines, type EnginesForTests } from '../../infra/engines/testing/engines-for-tests.js';
import { randomFrom } from '../../infra/event-store-server/faults/random.js';
import { openShop, type Shop } from '../../infra/soak/commands-shop.js';
import { releaseBeforeReserve, reserveAtOnce, sendTenTimes } from '../../infra/soak/commands-trials.js';

const entry = join(import.meta.dirname, '../../dist/domains/main.js');
const random = randomFrom(1);

let engines: EnginesForTests;
let shop: Shop;

beforeAll(async () => {
  engines = await startEngines(['event-store', 'postgres']);
  shop = await openShop({ entry, processes: 2, engines: engines.env });
});
afterAll(async () => {
  await shop.close();
  await engines.stop();
});

describe('a context in two processes', () => {
  it('reserves as many pieces as there are, and tells everybody what the stream says', async () => {
    expect(await reserveAtOnce({ orders: 200, pieces: 10 })(shop, random)).toEqual([]);
  });

  it('reserves nothing for an order whose release came first', async () => {
    expect(await releaseBeforeReserve(shop, random)).toEqual([]);
  });

  it('changes a stream once when one command arrives ten times at once', async () => {
    expect(await sendTenTimes(shop, random)).toEqual([]);
  });
});
