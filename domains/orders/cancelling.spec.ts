import { givenFor } from '../shared/testing/given.js';
import type { OrderCommand } from './commands.js';
import type { OrderEvent } from './events.js';
import { order } from './order.js';
import { commands, events, owned } from './testing/example-order.js';

const given = givenFor(order);
const { placed, paid, offered, cancelling, cancelled, rejected, shipped, delivered, returning, returned } = events;
const { abortRequested, skipRequested } = events;
const { cancel, endCancelled, offer, pay, reject, ship, deliver, giveBack, endReturned, fail, retry } = commands;
const cancelledFor = (reason: string): OrderEvent => ({ type: 'OrderCancelled', data: { ...owned, reason } });

describe('a cancel', () => {
  it.each<[string, OrderEvent[]]>([
    ['pending', [placed]],
    ['paid', [placed, paid]],
    ['given up by staff', [placed, abortRequested]],
  ])('is accepted while the order is %s', (_status, history) =>
    given(...history)
      .when(cancel())
      .thenEmits(cancelling),
  );
  it.each<[string, OrderEvent[]]>([
    ['asked for', [placed, cancelling]],
    ['asked for, of a paid order', [placed, paid, cancelling]],
    ['carried out', [placed, cancelling, cancelled]],
  ])('is a success where it was %s before', (_case, history) =>
    given(...history)
      .when(cancel('s1'))
      .thenEmits(),
  );
  it.each<[string, OrderEvent[]]>([
    ['shipped', [placed, paid, shipped]],
    ['delivered', [placed, paid, shipped, delivered]],
    ['returned', [placed, paid, shipped, delivered, returning, returned]],
    ['rejected', [placed, rejected]],
  ])('is refused once the order is %s', (_status, history) =>
    given(...history)
      .when(cancel())
      .thenRejects('order.not_cancellable'),
  );
});

describe('an order that is being cancelled', () => {
  it.each<OrderCommand>([offer(), pay('pay2'), reject(), ship(), deliver(), giveBack(), endReturned()])(
    'refuses $type',
    (command) => {
      given(placed, cancelling).when(command).thenRejects('order.illegal_transition');
      given(placed, paid, cancelling).when(command).thenRejects('order.illegal_transition');
    },
  );
  it('still takes note of a step that failed', () => given(placed, cancelling).when(fail()).thenEmits(events.failed));
  it('still takes requests to its saga', () =>
    given(placed, cancelling).when(retry()).thenEmits(events.retryRequested));
});

describe('the end of a cancel', () => {
  it.each<[string, OrderEvent[], OrderEvent]>([
    ['its customer', [placed, cancelling], cancelled],
    ['staff', [placed, paid, { ...cancelling, data: { ...cancelling.data, by: 's1' } }], cancelledFor('staff')],
    ['its saga, before it is paid', [placed, abortRequested], cancelledFor('saga_aborted')],
    ['its saga, once paid', [placed, paid, abortRequested], cancelledFor('saga_aborted')],
    ['its saga, which was sent back once it was paid', [placed, paid, skipRequested], cancelledFor('saga_aborted')],
    ['its customer, and its saga', [placed, cancelling, abortRequested], cancelled],
  ])('says that the order was cancelled by %s', (_who, history, end) =>
    given(...history)
      .when(endCancelled())
      .thenEmits(end),
  );
  it('takes a reason', () => given(placed, cancelling).when(endCancelled('fraud')).thenEmits(cancelledFor('fraud')));
  it('ignores a repeat', () => given(placed, cancelling, cancelled).when(endCancelled('fraud')).thenEmits());
  it.each<[string, OrderEvent[]]>([
    ['nobody asked for it', [placed]],
    ['nobody asked for it, of a paid order', [placed, paid, offered]],
    ['its saga was sent back before it was paid', [placed, skipRequested, paid]],
    ['the order was rejected', [placed, abortRequested, rejected]],
    ['the goods are on their way', [placed, paid, shipped, abortRequested]],
    ['the goods have arrived', [placed, paid, shipped, delivered, abortRequested]],
    ['the goods have come back', [placed, paid, shipped, abortRequested, delivered, returning, returned]],
  ])('is refused where %s', (_case, history) =>
    given(...history)
      .when(endCancelled())
      .thenRejects('order.illegal_transition'),
  );
});
