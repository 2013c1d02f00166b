import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { v4 as randomId } from 'uuid';
import type { NewEvent, Position, StoredEvent, StreamEvent } from '../../infra/event-store/stored-event.js';
import { message, newProduct } from '../../infra/service-bus/testing/services.js';
import { newTraceparent } from '../../infra/telemetry/tracing.js';
import { callAt, expectProblem } from '../http/testing/client.js';
import { createCorrelations } from './correlations.js';
import { auditor, indexUpTo, openLines, startAuditDesk, type AuditDesk } from './testing/audit-desk.js';

let desk: AuditDesk;
let url: string;
let close: () => Promise<number>;
/** A product with a stock that was counted, received and taken from, and the position before it. */
let start: Position | null;
let stock: string;
const correlationId = randomId();

beforeAll(async () => {
  desk = await startAuditDesk();
  ({ url, close } = await desk.open());
  start = await desk.eventStore.head();
  const product = newProduct();
  const { productId } = product;
  stock = `stock-${productId}`;
  await desk.bus.send('catalog', message('AddProduct', product, { correlationId }));
  for (const quantity of [5, 7, 2])
    await desk.bus.send(
      'inventory',
      message('ReceiveStock', { productId, quantity, reference: null }, { correlationId }),
    );
  await desk.bus.send('inventory', message('AdjustStock', { productId, delta: -3, reason: 'broken' }));
});
afterAll(async () => {
  await close();
  await desk.stop();
});

const as = `${auditor}:auditor`;
const read = async (path: string) => {
  const answer = await callAt(url, 'GET', path, { as });
  expect({ path, status: answer.status, code: answer.body['code'] }).toMatchObject({ status: 200 });
  return answer.body;
};
type Page = Readonly<{ items: readonly Readonly<{ revision: number; stream: string }>[]; nextCursor: string | null }>;
const linesOf = async (query: string, at = url) => {
  const answer = await openLines(`${at}/events${query}`);
  expect(answer.statusCode).toBe(200);
  expect(answer.headers['content-type']).toBe('application/x-ndjson');
  const all = (await text(answer)).split('\n');
  expect(all.pop()).toBe('');
  return all.map(
    (line) => JSON.parse(line) as Readonly<{ position: string; stream: string; type: string; created: string }>,
  );
};
const eventsOf = async (stream: string) => {
  const events: StreamEvent[] = [];
  for await (const event of desk.eventStore.readStream(stream)) events.push(event);
  return events;
};
const readsOf = async (reader: string) => (await eventsOf(`audit-${reader}`)).map(({ data }) => data['what']);

const event = (type: string, data: object, metadata: object = {}): NewEvent => ({
  ...{ id: randomId(), type, data: { ...data } },
  metadata: {
    ...{ $correlationId: randomId(), $causationId: randomId(), commandId: randomId(), actor: '(saga)' },
    ...{ at: new Date().toISOString(), schemaVersion: 1, traceparent: newTraceparent(), ...metadata },
  },
});

describe('streams', () => {
  it('are read in pages, there and back', async () => {
    const first = await read(`/streams/${stock}?limit=3`);
    expect(first).toMatchObject({ nextCursor: '3', previousCursor: null });
    const second = await read(`/streams/${stock}?limit=3&from=3`);
    expect(second).toMatchObject({
      items: [{ revision: 3, type: 'StockAdjusted' }],
      nextCursor: null,
      previousCursor: '2',
    });
    const back = await read(`/streams/${stock}?limit=3&direction=backwards&from=2`);
    expect((back as Page).items.toReversed()).toEqual(first['items']);
    expect(back).toMatchObject({ nextCursor: null, previousCursor: '3' });
    const latest = await read(`/streams/${stock}?limit=2&direction=backwards`);
    expect(latest).toMatchObject({ items: [{ revision: 3 }, { revision: 2 }], nextCursor: '1', previousCursor: null });
    expect(await read(`/streams/${stock}?from=9`)).toMatchObject({ items: [], nextCursor: null, previousCursor: '8' });
  });

  it('are found by the beginnings of their names', async () => {
    expect(await read(`/streams?prefix=${stock}`)).toEqual({
      items: [{ stream: stock, lastRevision: 3 }],
      nextCursor: null,
    });
    const names: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const page = (await read(`/streams?limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`)) as Page;
      names.push(...page.items.map(({ stream }) => stream));
      cursor = page.nextCursor;
    }
    expect(names).toContain(stock);
    expect(names).toEqual([...new Set(names)].toSorted());
  });

  it.each([
    '/streams/stock-x',
    '/streams/stock-x?from=3',
    '/streams/stock-x?direction=backwards',
    '/streams/stock-x/state?revision=0',
  ])('that are none are refused: %s', async (path) =>
    expectProblem(await callAt(url, 'GET', path, { as }), 404, 'audit.no_such_stream'),
  );
});

describe('whoever reads', () => {
  const paths = [
    '/streams',
    '/streams/stock-1',
    '/streams/stock-1/state?revision=0',
    '/events',
    `/correlations/${correlationId}`,
  ];

  it.each(['customer', 'staff'])('is no %s', async (role) => {
    const reader = randomId();
    for (const path of paths)
      expectProblem(await callAt(url, 'GET', path, { as: `${reader}:${role}` }), 403, 'auth.forbidden');
    expect(await eventsOf(`audit-${reader}`)).toEqual([]);
  });

  it('is recorded with what was read', async () => {
    const reader = randomId();
    const asked = [
      ...[`/streams?prefix=stock`, `/streams/${stock}?limit=1`, `/streams/${stock}/state?revision=1`],
      ...[`/streams/${stock}/difference?fromRevision=0&toRevision=1`, `/correlations/${correlationId}`],
    ];
    for (const path of asked) await callAt(url, 'GET', path, { as: `${reader}:admin` });
    await text(await openLines(`${url}/events?category=stock`, `${reader}:auditor`));
    expect(await readsOf(reader)).toEqual(
      [...asked, '/events?category=stock'].map((path) => `GET /api/v1/audit${path}`),
    );
  });

  it.each([
    ['/streams/ada@example.org', 404, 'route.not_found'],
    ['/streams/ada-lovelace', 404, 'audit.no_such_category'],
    ['/streams/ada-lovelace/state?revision=0', 404, 'audit.no_such_category'],
    ['/streams?prefix=ada', 404, 'audit.no_such_category'],
    ['/streams?prefix=ada@example.org', 400, 'request.invalid'],
    ['/correlations/ada.lovelace', 404, 'audit.no_such_correlation'],
    ['/events?actor=ada@example.org', 400, 'request.invalid'],
    ['/events?actor=ada', 400, 'request.invalid'],
    ['/events?correlationId=ada', 400, 'request.invalid'],
    ['/events?category=ada', 404, 'audit.no_such_category'],
    ['/events?type=Ada', 404, 'audit.no_such_type'],
    ['/events?after=ada', 400, 'request.invalid'],
    ['/events?from=ada', 400, 'request.invalid'],
    ['/events?email=ada@example.org', 400, 'request.invalid'],
  ])('leaves nothing of their own in the record: %s', async (path, status, code) => {
    const reader = randomId();
    expectProblem(await callAt(url, 'GET', path, { as: `${reader}:auditor` }), status, code);
    expect(await eventsOf(`audit-${reader}`)).toEqual([]);
  });
});

describe('events as lines', () => {
  it('are all that lie in the log, and go on after any of them', async () => {
    const all = await linesOf('');
    const stored: StoredEvent[] = [];
    for await (const batch of desk.eventStore.readAll({ after: null })) stored.push(...batch);
    const positions = stored.map(({ position }) => String(position.commit));
    expect(all.map(({ position }) => position)).toEqual(positions.slice(0, all.length));
    expect(all.length).toBeGreaterThan(5);
    const middle = all[Math.floor(all.length / 2)]?.position ?? '';
    const rest = await linesOf(`?after=${middle}`);
    expect(rest.slice(0, 3)).toEqual(all.slice(positions.indexOf(middle) + 1).slice(0, 3));
    expect(await linesOf('?after=999999999999999999')).toEqual([]);
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
    expect((await linesOf(`?${query}`)).map(({ type }) => type)).toEqual(types),
  );

  it('are those of a period, which the index knows the beginning of', async () => {
    const [first, second, third] = await linesOf('?category=stock');
    const { url: indexed, close: closeIndexed } = await desk.open(
      {},
      indexUpTo(desk.eventStore, await desk.eventStore.head()),
    );
    const within = await linesOf(
      `?category=stock&from=${second?.created ?? ''}&to=${new Date().toISOString()}`,
      indexed,
    );
    expect(within.map(({ position }) => position)).toContain(third?.position);
    expect(within.every(({ created }) => created >= (second?.created ?? ''))).toBe(true);
    expect(await linesOf(`?category=stock&to=${first?.created ?? ''}`, indexed)).toEqual([]);
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
    let go: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (go = resolve));
    const closing = await desk.open({
      readAll: async function* () {
        yield [] as StoredEvent[];
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

describe('a correlation', () => {
  it('is a tree of what caused what', async () => {
    const [stream, correlation] = [`stock-${randomId()}`, randomId()];
    const metadata = { $correlationId: correlation };
    const commandId = randomId();
    const root = event('StockReceived', { quantity: 9 }, { ...metadata, commandId, $causationId: commandId });
    const child = event('StockReserved', {}, { ...metadata, $causationId: root.id });
    const grandchild = event('StockAdjusted', {}, { ...metadata, $causationId: child.id });
    const sibling = event('ReservationReleased', {}, { ...metadata, $causationId: commandId });
    await desk.eventStore.append(stream, [root, child, grandchild, sibling], 'no_stream');
    const node = ({ type }: NewEvent, ...causes: object[]) => ({ event: { stream, type }, causes });
    expect(await read(`/correlations/${correlation}`)).toMatchObject({
      ...{ correlationId: correlation, events: 4 },
      roots: [node(root, node(child, node(grandchild)), node(sibling))],
    });
    expectProblem(await callAt(url, 'GET', `/correlations/${randomId()}`, { as }), 404, 'audit.no_such_correlation');
  });

  it('is found in the index as far as that knows, and in the log from there', async () => {
    const { eventStore } = desk;
    const all = await createCorrelations({ eventStore, index: indexUpTo(eventStore, null) }).eventsOf([correlationId]);
    expect(all.map(({ type }) => type)).toEqual([
      'SkuClaimed',
      'ProductAdded',
      'StockReceived',
      'StockReceived',
      'StockReceived',
    ]);
    for (const through of [start, ...all.map(({ position }) => position), await eventStore.head()]) {
      const correlations = createCorrelations({ eventStore, index: indexUpTo(eventStore, through) });
      expect(await correlations.eventsOf([correlationId])).toEqual(all);
    }
  });

  it.each(['from the index', 'from the log'])('of too many events is refused: %s', async (from) => {
    const { eventStore } = desk;
    const index = indexUpTo(eventStore, from === 'from the index' ? await eventStore.head() : null);
    const correlations = createCorrelations({ eventStore, index, most: 4 });
    await expect(correlations.eventsOf([correlationId])).rejects.toMatchObject({ code: 'audit.too_many_events' });
  });
});

describe('the past of an aggregate', () => {
  it('is told by revision and by instant', async () => {
    const [, second, third] = await eventsOf(stock);
    const state = { onHand: 12, reserved: 0, reservations: {} };
    const told = { stream: stock, revision: 1, at: second?.created.toISOString(), state };
    expect(await read(`/streams/${stock}/state?revision=1`)).toEqual(told);
    expect(await read(`/streams/${stock}/state?at=${third?.created.toISOString() ?? ''}`)).toMatchObject({
      at: third?.created.toISOString(),
    });
  });

  it('differs between two points', async () => {
    const [first, , , last] = await eventsOf(stock);
    expect(await read(`/streams/${stock}/difference?fromRevision=0&toAt=${new Date().toISOString()}`)).toEqual({
      stream: stock,
      from: { revision: 0, at: first?.created.toISOString() },
      to: { revision: 3, at: last?.created.toISOString() },
      changes: [{ path: '/onHand', before: 5, after: 11 }],
    });
  });

  it.each([
    ['state', 400, 'request.invalid'],
    ['state?revision=0&at=2026-01-01T00:00:00Z', 400, 'request.invalid'],
    ['state?revision=-1', 400, 'request.invalid'],
    ['state?revision=4', 404, 'audit.beyond_the_end'],
    ['state?at=2001-01-01T00:00:00Z', 404, 'audit.beyond_the_end'],
    ['difference?fromRevision=0', 400, 'request.invalid'],
    ['difference?fromRevision=0&fromAt=2026-01-01T00:00:00Z&toRevision=1', 400, 'request.invalid'],
    ['difference?fromRevision=0&toRevision=4', 404, 'audit.beyond_the_end'],
  ])('needs two points that there were: %s', async (what, status, code) =>
    expectProblem(await callAt(url, 'GET', `/streams/${stock}/${what}`, { as }), status, code),
  );
});

// Last, since it fills the log that the others look through.
describe('many events', () => {
  it('come no further than the client takes them, and stop when it leaves', async () => {
    const block = Array.from({ length: 50 }, () => event('StockReceived', { text: 'x'.repeat(10_000) }));
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
