import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { v4 as randomId } from 'uuid';
import type { StoredEvent } from '../../infra/event-store/stored-event.js';
import { allStored } from '../../infra/event-store/testing/all-stored.js';
import { indexUpTo, openLines, startAuditDesk, type AuditDesk } from './testing/audit-desk.js';
import { countStock, linesAt, newEvent } from './testing/reads.js';

let desk: AuditDesk;
let url: string;
let close: () => Promise<number>;
/** Of events of a product and its stock. */
const correlationId = randomId();

beforeAll(async () => {
  desk = await startAuditDesk();
  ({ url, close } = await desk.open());
  await countStock(desk, correlationId);
});
afterAll(async () => {
  await close();
  await desk.stop();
});

describe('events as lines', () => {
  it('are all that lie in the log, and go on after any of them', async () => {
    const all = await linesAt(url, '');
    const positions = (await allStored(desk.eventStore)).map(({ position }) => String(position.commit));
    expect(all.map(({ position }) => position)).toEqual(positions.slice(0, all.length));
    expect(all.length).toBeGreaterThan(5);
    const middle = all[Math.floor(all.length / 2)]?.position ?? '';
    const rest = await linesAt(url, `?after=${middle}`);
    expect(rest.slice(0, 3)).toEqual(all.slice(positions.indexOf(middle) + 1).slice(0, 3));
    expect(await linesAt(url, '?after=999999999999999999')).toEqual([]);
  });

  it.each([
    ['category=product', ['ProductAdded']],
    ['type=StockReceived', ['StockReceived', 'StockReceived', 'StockReceived']],
    ['category=stock', ['StockReceived', 'StockReceived', 'StockReceived', 'StockAdjusted']],
    ['category=stock&type=ProductAdded', []],
    ['actor=(test)&category=product', ['ProductAdded']],
    ['actor=(saga)&category=product', []],
    [
      `correlationId=${correlationId}`,
      ['SkuClaimed', 'ProductAdded', 'StockReceived', 'StockReceived', 'StockReceived'],
    ],
    [`correlationId=${correlationId}&type=ProductAdded`, ['ProductAdded']],
  ])('are those that are asked for: %s', async (query, types) =>
    expect((await linesAt(url, `?${query}`)).map(({ type }) => type)).toEqual(types),
  );

  it('are those of a period, which the index knows the beginning of', async () => {
    const [first, second, third] = await linesAt(url, '?category=stock');
    const auditIndex = indexUpTo(desk.eventStore, await desk.eventStore.head());
    const { url: indexed, close: closeIndexed } = await desk.open({ auditIndex });
    const within = await linesAt(
      indexed,
      `?category=stock&from=${second?.created ?? ''}&to=${new Date().toISOString()}`,
    );
    expect(within.map(({ position }) => position)).toContain(third?.position);
    expect(within.every(({ created }) => created >= (second?.created ?? ''))).toBe(true);
    expect(await linesAt(indexed, `?category=stock&to=${first?.created ?? ''}`)).toEqual([]);
    await closeIndexed();
  });

  it('are broken off where the store goes away', async () => {
    const broken = await desk.open({
      readAll: async function* (part) {
        for await (const batch of desk.eventStore.readAll(part)) {
          yield batch;
          if (batch.length > 0) throw new Error('The store is gone');
        }
      },
    });
    const answer = await openLines(`${broken.url}/events`);
    await expect(text(answer)).rejects.toMatchObject({ code: 'ECONNRESET' });
    await broken.close();
  });

  it('are broken off where the server closes', async () => {
    const newStored: StoredEvent = {
      ...{ ...newEvent('StockReceived', {}), streamId: 'stock-1', category: 'stock', revision: 0 },
      ...{ position: { commit: 0n, prepare: 0n }, created: new Date() },
    };
    let go: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (go = resolve));
    const closing = await desk.open({
      readAll: async function* () {
        yield [newStored];
        await held;
        yield [];
      },
    });
    const answer = await openLines(`${closing.url}/events`);
    const ended = once(answer.resume(), 'error');
    const closed = closing.close();
    go();
    expect(await ended).toMatchObject([{ code: 'ECONNRESET' }]);
    expect(await closed).toBe(0);
  });
});

// Last, since it fills the log that the others look through.
describe('many events', () => {
  it('come no further than the client takes them, and stop when it leaves', async () => {
    const block = Array.from({ length: 50 }, () => newEvent('StockReceived', { text: 'x'.repeat(10_000) }));
    const after = await desk.eventStore.head();
    const appended = 40;
    for (let round = 0; round < appended; round += 1)
      await desk.eventStore.append(
        `stock-${randomId()}`,
        block.map((each) => ({ ...each, id: randomId() })),
        'no_stream',
      );
    let taken = 0;
    let left: () => void = () => undefined;
    const isLeft = new Promise<void>((resolve) => (left = resolve));
    const counted = await desk.open({
      readAll: async function* (part) {
        try {
          for await (const batch of desk.eventStore.readAll(part)) {
            taken += batch.length;
            yield batch;
          }
        } finally {
          left();
        }
      },
    });
    const answer = await openLines(`${counted.url}/events?after=${after?.commit ?? 0n}`);
    // As much as the sockets of the system take.
    for (let turns = 0; turns < 50; turns += 1) {
      const before = taken;
      await desk.eventStore.head();
      if (taken !== before) turns = 0;
    }
    expect(taken).toBeGreaterThan(0);
    expect(taken).toBeLessThan(appended * block.length);
    answer.destroy();
    await isLeft;
    await counted.close();
  });
});
