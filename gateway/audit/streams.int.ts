import { encodeCursor } from '../../projections/shared/queries.js';
import { callAt, expectProblem } from '../http/testing/client.js';
import { startAuditDesk, type AuditDesk } from './testing/audit-desk.js';
import { as, countStock, eventsOf, newEvent, readAt, type Counted } from './testing/reads.js';

let desk: AuditDesk;
let url: string;
let close: () => Promise<number>;
let counted: Counted;

beforeAll(async () => {
  desk = await startAuditDesk();
  ({ url, close } = await desk.open());
  counted = await countStock(desk);
});
afterAll(async () => {
  await close();
  await desk.stop();
});

const read = (path: string) => readAt(url, path);
type Page = Readonly<{ items: readonly Readonly<{ revision: number; stream: string }>[]; nextCursor: string | null }>;

describe('streams', () => {
  it('are read in pages, there and back', async () => {
    const first = await read(`/streams/${counted.stock}?limit=3`);
    expect(first).toMatchObject({ nextCursor: '3', previousCursor: null });
    const second = await read(`/streams/${counted.stock}?limit=3&from=3`);
    expect(second).toMatchObject({
      items: [{ revision: 3, type: 'StockAdjusted' }],
      nextCursor: null,
      previousCursor: '2',
    });
    const back = await read(`/streams/${counted.stock}?limit=3&direction=backwards&from=2`);
    expect((back as Page).items.toReversed()).toEqual(first['items']);
    expect(back).toMatchObject({ nextCursor: null, previousCursor: '3' });
    const latest = await read(`/streams/${counted.stock}?limit=2&direction=backwards`);
    expect(latest).toMatchObject({ items: [{ revision: 3 }, { revision: 2 }], nextCursor: '1', previousCursor: null });
    expect(await read(`/streams/${counted.stock}?from=9`)).toMatchObject({
      items: [],
      nextCursor: null,
      previousCursor: '8',
    });
  });

  it('are found by the beginnings of their names', async () => {
    expect(await read(`/streams?prefix=${counted.stock}`)).toEqual({
      items: [{ stream: counted.stock, lastRevision: 3 }],
      nextCursor: null,
    });
    const names: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const page = (await read(`/streams?limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`)) as Page;
      names.push(...page.items.map(({ stream }) => stream));
      cursor = page.nextCursor;
    }
    expect(names).toContain(counted.stock);
    expect(names).toEqual([...new Set(names)].toSorted());
  });

  it('are paged past a name that is none of ours', async () => {
    for (const name of ['odd-\ufffd', 'odd ada@example.org'])
      await desk.eventStore.append(name, [newEvent('Noted', {})], 'no_stream');
    const names: string[] = [];
    for (let cursor: string | null = encodeCursor(['o']); cursor !== null;) {
      const page = (await read(`/streams?limit=1&cursor=${cursor}`)) as Page;
      names.push(...page.items.map(({ stream }) => stream));
      cursor = page.nextCursor;
    }
    expect(names).toEqual([...new Set(names)]);
    expect(names).toEqual(expect.arrayContaining(['odd ada@example.org', 'odd-\ufffd', counted.stock]));
    expectProblem(await callAt(url, 'GET', '/streams?cursor=odd-1', { as }), 400, 'request.invalid_cursor');
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

describe('the past of an aggregate', () => {
  it('is told by revision and by instant', async () => {
    const [, second, third] = await eventsOf(desk, counted.stock);
    const state = { onHand: 12, reserved: 0, reservations: {} };
    const told = { stream: counted.stock, revision: 1, at: second?.created.toISOString(), state };
    expect(await read(`/streams/${counted.stock}/state?revision=1`)).toEqual(told);
    expect(await read(`/streams/${counted.stock}/state?at=${third?.created.toISOString() ?? ''}`)).toMatchObject({
      at: third?.created.toISOString(),
    });
  });

  it('differs between two points', async () => {
    const [first, , , last] = await eventsOf(desk, counted.stock);
    expect(await read(`/streams/${counted.stock}/difference?fromRevision=0&toAt=${new Date().toISOString()}`)).toEqual({
      stream: counted.stock,
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
    expectProblem(await callAt(url, 'GET', `/streams/${counted.stock}/${what}`, { as }), status, code),
  );
});
