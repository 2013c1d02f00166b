import { everyAggregate } from '../../../domains/contexts.js';
import { DomainError } from '../../../domains/shared/errors.js';
import type { EventMetadata, StoredEvent } from '../../../infra/event-store/stored-event.js';
import type { WorkflowHistory } from '../../../infra/temporal/read-history.js';
import { timelineOf, type TimelineSources } from './gather.js';
import { shownEntry } from './timeline.js';
import { begin, event, orderId, span, traceId } from './testing/example.js';

const order = { orderId, userId: 'ada' };
const placed = event(1, 'order-o1', 'OrderPlaced');
const reserved = event(2, 'stock-mug', 'StockReserved', { userId: undefined });
const authorised = event(3, 'payment-o1', 'PaymentAuthorised');
const application = span('project orders', { attributes: { stream: 'order-o1', revision: 1 } });
const saga: WorkflowHistory = {
  ...{ workflowId: 'order-o1', runId: 'r1', isWhole: true },
  steps: [
    {
      ...{ kind: 'activity', name: 'reserveStock', summary: 'reserve mug', at: begin + 1_500, durationMs: 5 },
      ...{ outcome: 'completed', attempts: 1, code: null, told: null },
    },
  ],
};

const streams: Readonly<Record<string, readonly StoredEvent[]>> = { 'order-o1': [placed], 'payment-o1': [authorised] };

async function* stream(name: string) {
  yield* await Promise.resolve(streams[name] ?? []);
}

const all: TimelineSources = {
  eventStore: { readStream: stream },
  correlations: {
    eventsOf: () => Promise.resolve([placed, reserved, event(4, 'order-o2', 'OrderPlaced', { orderId: 'o2' })]),
  },
  aggregates: everyAggregate,
  workflows: { history: (workflowId) => Promise.resolve(workflowId === 'order-o1' ? saga : null) },
  jaeger: { traces: () => Promise.resolve([application]) },
  projections: { list: () => Promise.reject(new Error('nobody has to ask')) },
};

const away = () => Promise.reject(new DomainError('service.unavailable', 'It does not answer; try again soon'));
const toldWith = async (over: Partial<TimelineSources>) => {
  const { entries, missing } = await timelineOf({ ...all, ...over }, order);
  return { names: entries.map(({ kind, name }) => `${kind} ${name}`), missing };
};

const fromTheLog = [
  'command (leading to OrderPlaced)',
  'command (leading to StockReserved)',
  'command (leading to PaymentAuthorised)',
  'event OrderPlaced',
  'event StockReserved',
  'payment PaymentAuthorised',
];
const without = (kind: string, names: readonly string[]) => names.filter((name) => !name.startsWith(kind));
const everything = [...fromTheLog.slice(0, 4), 'projection orders', 'saga reserve mug', ...fromTheLog.slice(4)];

describe('the timeline of an order', () => {
  it('has in one order what all sources tell, and nothing of another order', async () => {
    expect(await toldWith({})).toEqual({ names: everything, missing: [] });
    expect((await timelineOf(all, order)).traceIds).toEqual([traceId]);
  });

  it.each([
    ['temporal', { workflows: { history: away } }, without('saga', everything)],
    ['correlations', { correlations: { eventsOf: away } }, everything.filter((name) => !name.includes('Stock'))],
  ] as const)('is shown without what is missing: %s', async (source, over, names) =>
    expect(await toldWith(over)).toEqual({ names, missing: [source] }),
  );

  it.each([
    ['does not answer', { traces: away }],
    ['is not there', null],
  ])('says of views what they say themselves where Jaeger %s', async (_, jaeger) => {
    const status = { name: 'orders', categories: ['order'], position: '1' };
    const projections = { list: () => Promise.resolve([status] as never) };
    const names = [...without('projection', everything), 'projection orders'];
    expect(await toldWith({ jaeger, projections })).toEqual({ names, missing: ['jaeger'] });
  });

  it('is shown with nothing but the log', async () => {
    const [nobody, projections] = [{ history: away }, { list: away }];
    expect(await toldWith({ workflows: nobody, jaeger: null, projections })).toEqual({
      ...{ names: fromTheLog, missing: ['temporal', 'jaeger', 'projections'] },
    });
  });

  it('is not shown without the log', async () => {
    // eslint-disable-next-line require-yield -- a stream that breaks off
    async function* broken(): AsyncGenerator<never> {
      await away();
    }
    await expect(timelineOf({ ...all, eventStore: { readStream: broken } }, order)).rejects.toMatchObject({
      code: 'service.unavailable',
    });
  });

  it('is not shown where something is wrong with the code', () => {
    const workflows = { history: () => Promise.reject(new RangeError('mistake')) };
    return expect(timelineOf({ ...all, workflows }, order)).rejects.toThrow('mistake');
  });

  it('shows what others have put into its streams, without what that says', async () => {
    const foreign = { ...event(5, 'payment-o1', 'Scribbled'), metadata: {} as EventMetadata, data: {} };
    const unknown = event(6, 'payment-o1', 'PaymentTeleported');
    const eventStore = {
      readStream: (name: string) => (name === 'payment-o1' ? listed([authorised, foreign, unknown]) : stream(name)),
    };
    const { entries, missing } = await timelineOf({ ...all, eventStore }, order);
    expect(missing).toEqual([]);
    expect(entries.map(shownEntry).slice(-2)).toMatchObject([
      { kind: 'payment', name: 'Scribbled', detail: { stream: 'payment-o1', data: null } },
      { kind: 'payment', name: 'PaymentTeleported', actor: 'ada', detail: { data: null } },
    ]);
  });

  it('says that there is more than it shows', async () => {
    const correlated = Array.from({ length: 25 }, (_, number) =>
      event(
        number + 10,
        'shipment-o1',
        'DispatchStarted',
        {},
        {
          ...{
            $correlationId: `c${number}`,
            traceparent: `00-${String(number).padStart(32, '1')}-b7ad6b7169203331-01`,
          },
        },
      ),
    );
    const asked: string[] = [];
    const { missing } = await timelineOf(
      {
        ...all,
        eventStore: { readStream: (name) => (name === 'shipment-o1' ? listed(correlated) : stream(name)) },
        correlations: { eventsOf: (ids) => Promise.resolve(noneUnder(asked, ids)) },
        workflows: { history: () => Promise.resolve({ ...saga, isWhole: false }) },
      },
      order,
    );
    expect(asked).toHaveLength(20);
    expect(missing).toEqual(['correlations', 'temporal', 'jaeger']);
  });
});

const noneUnder = (asked: string[], ids: readonly string[]): readonly StoredEvent[] => {
  asked.push(...ids);
  return [];
};

async function* listed(events: readonly StoredEvent[]) {
  yield* await Promise.resolve(events);
}
