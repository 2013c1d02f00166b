import { once } from 'node:events';
import { request } from 'node:http';
import { v4 as randomId } from 'uuid';
import type { NewEvent, StoredEvent } from '../../infra/event-store/stored-event.js';
import { callAt, expectProblem } from '../http/testing/client.js';
import { keptLog } from '../http/testing/kept-log.js';
import { createCorrelations } from './correlations.js';
import { indexUpTo, startAuditDesk, type AuditDesk } from './testing/audit-desk.js';
import { as, countStock, eventsOf, linesAt, newEvent, readAt, type Counted } from './testing/reads.js';

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

/** Nobody leaves. */
const going = new AbortController().signal;

const told = (): readonly [Promise<void>, () => void] => {
  let tell: () => void = () => undefined;
  return [new Promise<void>((resolve) => (tell = resolve)), () => tell()];
};

describe('a correlation', () => {
  it('is a tree of what caused what', async () => {
    const [stream, correlation] = [`stock-${randomId()}`, randomId()];
    const metadata = { $correlationId: correlation };
    const commandId = randomId();
    const root = newEvent('StockReceived', { quantity: 9 }, { ...metadata, commandId, $causationId: commandId });
    const child = newEvent('StockReserved', {}, { ...metadata, $causationId: root.id });
    const grandchild = newEvent('StockAdjusted', {}, { ...metadata, $causationId: child.id });
    const sibling = newEvent('ReservationReleased', {}, { ...metadata, $causationId: commandId });
    await desk.eventStore.append(stream, [root, child, grandchild, sibling], 'no_stream');
    const node = ({ type }: NewEvent, ...causes: object[]) => ({ event: { stream, type }, causes });
    expect(await readAt(url, `/correlations/${correlation}`)).toMatchObject({
      ...{ correlationId: correlation, events: 4 },
      roots: [node(root, node(child, node(grandchild)), node(sibling))],
    });
    expectProblem(await callAt(url, 'GET', `/correlations/${randomId()}`, { as }), 404, 'audit.no_such_correlation');
  });

  it('is found in the index as far as that knows, and in the log from there', async () => {
    const { eventStore } = desk;
    const all = await createCorrelations({ eventStore, index: indexUpTo(eventStore, null) }).eventsOf(
      [counted.correlationId],
      going,
    );
    expect(all.map(({ type }) => type)).toEqual([
      'SkuClaimed',
      'ProductAdded',
      'StockReceived',
      'StockReceived',
      'StockReceived',
    ]);
    for (const through of [counted.start, ...all.map(({ position }) => position), await eventStore.head()]) {
      const correlations = createCorrelations({ eventStore, index: indexUpTo(eventStore, through) });
      expect(await correlations.eventsOf([counted.correlationId], going)).toEqual(all);
    }
  });

  it('is found no further once whoever asks has gone', async () => {
    const { eventStore } = desk;
    const leaving = new AbortController();
    const [left, over] = told();
    const readAll: typeof eventStore.readAll = async function* (part) {
      try {
        for await (const batch of eventStore.readAll(part)) {
          leaving.abort(new Error('They have gone'));
          yield batch;
        }
      } finally {
        over();
      }
    };
    const correlations = createCorrelations({
      eventStore: { ...eventStore, readAll },
      index: indexUpTo(eventStore, null),
    });
    await expect(correlations.eventsOf([counted.correlationId], leaving.signal)).rejects.toThrow('They have gone');
    await left;
  });

  it('is looked for no longer once the connection is gone', async () => {
    const [asked, ask] = told();
    const [left, leave] = told();
    const [gone, go] = told();
    let isReadOn = false;
    const readAll = async function* () {
      try {
        ask();
        await gone;
        yield [] as StoredEvent[];
        isReadOn = true;
      } finally {
        leave();
      }
    };
    const { log, logged } = keptLog();
    const held = await desk.open({ readAll, log });
    const asking = request(`${held.url}/correlations/${randomId()}`, { headers: { authorization: `Bearer ${as}` } });
    const ended = once(asking, 'error');
    asking.end();
    await asked;
    asking.destroy();
    await ended;
    await logged(1);
    go();
    await left;
    expect(isReadOn).toBe(false);
    await held.close();
  });

  it('is refused where too much is not in the index yet, and read from the log line by line', async () => {
    const [known] = (await eventsOf(desk, counted.stock)) as readonly StoredEvent[];
    const others = Array.from({ length: 1_000 }, () => ({ ...known, metadata: newEvent('Noted', {}).metadata }));
    let taken = 0;
    const readAll = async function* () {
      for (let round = 0; round < 20; round += 1) {
        taken += others.length;
        yield await Promise.resolve(others as StoredEvent[]);
      }
      yield [known as StoredEvent];
    };
    const behind = await desk.open({ readAll });
    const refused = await callAt(behind.url, 'GET', `/correlations/${counted.correlationId}`, { as });
    expectProblem(refused, 503, 'audit.index_behind');
    expect(refused.body['detail']).toContain('GET /audit/events?correlationId=');
    expect(taken).toBe(11_000);
    expect(await linesAt(behind.url, `?correlationId=${counted.correlationId}`)).toMatchObject([{ type: known?.type }]);
    await behind.close();
  });

  it.each(['from the index', 'from the log'])('of too many events is refused: %s', async (from) => {
    const { eventStore } = desk;
    const index = indexUpTo(eventStore, from === 'from the index' ? await eventStore.head() : null);
    const correlations = createCorrelations({ eventStore, index, most: 4 });
    await expect(correlations.eventsOf([counted.correlationId], going)).rejects.toMatchObject({
      code: 'audit.too_many_events',
    });
  });
});
