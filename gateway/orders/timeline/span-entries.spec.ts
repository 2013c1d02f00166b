import { commandAndSpanEntries } from './span-entries.js';
import { begin, event, span, traceId } from './testing/example.js';

const placed = event(3, 'order-o1', 'OrderPlaced', {}, { commandId: 'place' });
const place = span('command PlaceOrder', { attributes: { commandId: 'place', email: 'ada@example.org' } });

describe('a command', () => {
  it('is called by what it led to, at the time when it entered the platform, where it left no span', () => {
    const paid = event(4, 'order-o1', 'OrderPaid', {}, { commandId: 'place' });
    expect(commandAndSpanEntries([placed, paid], [])).toEqual([
      {
        ...{ at: begin, kind: 'command', name: '(leading to OrderPlaced, OrderPaid)', actor: 'ada', traceId },
        position: 3n,
        detail: { commandId: 'place', stream: 'order-o1', events: ['OrderPlaced', 'OrderPaid'] },
      },
    ]);
  });

  it('has from its span its name and its duration', () =>
    expect(commandAndSpanEntries([placed], [place])).toEqual([
      {
        ...{ at: place.start, kind: 'command', name: 'PlaceOrder', actor: 'ada', traceId, position: 3n },
        detail: {
          ...{ commandId: 'place', stream: 'order-o1', events: ['OrderPlaced'] },
          ...{ service: 'evermart-gateway', spanId: place.name, parentSpanId: null, durationMs: 500, status: 'ok' },
        },
      },
    ]));

  it('that was sent again is told by the first of its spans', () => {
    const again = { ...place, start: place.start + 100 };
    expect(commandAndSpanEntries([placed], [place, again])).toMatchObject([{ kind: 'command', at: place.start }]);
  });

  it('that led to none of the events stays a span', () =>
    expect(commandAndSpanEntries([], [place])).toMatchObject([{ kind: 'span', name: 'command PlaceOrder' }]));
});

describe('a span', () => {
  const application = (revision: number) =>
    span('project orders', { service: 'evermart-projections', attributes: { stream: 'order-o1', revision } });

  it('of a view that applies one of the events is its projection', () =>
    expect(commandAndSpanEntries([placed], [application(3)])[1]).toMatchObject({
      ...{ kind: 'projection', name: 'orders', position: 3n, traceId },
      detail: { event: 'OrderPlaced', stream: 'order-o1', revision: 3, durationMs: 500 },
    }));

  it('of a view that applies another event stays one', () =>
    expect(commandAndSpanEntries([placed], [application(4)])[1]).toMatchObject({ kind: 'span' }));

  it('that failed says so, with its code', () => {
    const failed = span('append order', { attributes: { error: true, 'error.code': 'service.unavailable' } });
    expect(commandAndSpanEntries([], [failed])[0]?.detail).toMatchObject({
      status: 'error',
      code: 'service.unavailable',
    });
  });

  it('shows nothing else of its attributes', () =>
    expect(JSON.stringify(commandAndSpanEntries([], [place]))).not.toContain('ada@example.org'));

  it('of somebody else is left out: its name may hold anything', () =>
    expect(commandAndSpanEntries([], [span('GET /of/ada@example.org', { service: 'shop' })])).toEqual([]));
});
