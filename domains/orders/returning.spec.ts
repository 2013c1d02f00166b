import { givenFor } from '../shared/testing/given.js';
import type { OrderEvent } from './events.js';
import { order } from './order.js';
import { commands, events } from './testing/example-order.js';

const given = givenFor(order);
const { placed, paid, shipped, delivered, rejected, cancelling, cancelled, returning, returned } = events;
const { giveBack, endReturned } = commands;
const arrived = [placed, paid, shipped, delivered];

describe('a return', () => {
  it('is asked for once the order is delivered', () =>
    given(...arrived)
      .when(giveBack())
      .thenEmits(returning));
  it.each<[string, OrderEvent[]]>([
    ['asked for', [...arrived, returning]],
    ['made', [...arrived, returning, returned]],
  ])('is a success where it was %s before', (_case, history) =>
    given(...history)
      .when(giveBack())
      .thenEmits(),
  );
  it.each<[string, OrderEvent[]]>([
    ['pending', [placed]],
    ['paid', [placed, paid]],
    ['under way', [placed, paid, shipped]],
    ['rejected', [placed, rejected]],
    ['cancelled', [placed, cancelling, cancelled]],
  ])('is refused while the order is %s', (_status, history) =>
    given(...history)
      .when(giveBack())
      .thenRejects('order.not_returnable'),
  );

  it('ends the order', () =>
    given(...arrived, returning)
      .when(endReturned())
      .thenEmits(returned));
  it('ends it once', () =>
    given(...arrived, returning, returned)
      .when(endReturned())
      .thenEmits());
  it.each<[string, OrderEvent[]]>([
    ['nobody asked for it', arrived],
    ['nothing was delivered', [placed, paid, shipped]],
  ])('does not end the order where %s', (_case, history) =>
    given(...history)
      .when(endReturned())
      .thenRejects('order.illegal_transition'),
  );
});
