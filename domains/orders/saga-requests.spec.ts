import { givenFor } from '../shared/testing/given.js';
import type { OrderCommand } from './commands.js';
import type { OrderEvent } from './events.js';
import { order } from './order.js';
import { commands, events } from './testing/example-order.js';

const given = givenFor(order);
const { placed, paid, shipped, delivered, rejected, cancelling, cancelled, returning, returned, failed } = events;
const { fail, retry, skip, abort } = commands;
const { retryRequested, skipRequested, abortRequested } = events;

const requests: [OrderCommand, OrderEvent][] = [
  [retry(), retryRequested],
  [skip(), skipRequested],
  [abort(), abortRequested],
];

describe.each(requests)('what staff ask of the saga: $type', (command, requested) => {
  it.each<[string, OrderEvent[]]>([
    ['pending', [placed]],
    ['paid', [placed, paid]],
    ['being cancelled', [placed, cancelling]],
  ])('is passed on while the order is %s', (_status, history) =>
    given(...history)
      .when(command)
      .thenEmits(requested),
  );
  it('is passed on each time', () => given(placed, requested).when(command).thenEmits(requested));
  it.each<[string, OrderEvent[]]>([
    ['rejected', [placed, rejected]],
    ['cancelled', [placed, cancelling, cancelled]],
    ['returned', [placed, paid, shipped, delivered, returning, returned]],
  ])('is refused once the order is %s', (_status, history) =>
    given(...history)
      .when(command)
      .thenRejects('order.illegal_transition'),
  );
});

describe('once the goods have left', () => {
  const underWay = [placed, paid, shipped];
  it.each([underWay, [...underWay, delivered]])('a step can be tried again', (...history) =>
    given(...history)
      .when(retry())
      .thenEmits(retryRequested),
  );
  it.each([skip(), abort()])('$type is refused', (command) =>
    given(...underWay)
      .when(command)
      .thenRejects('order.illegal_transition'),
  );
});

describe('once the order has ended', () => {
  it('what its saga could not undo can be tried again', () =>
    given(placed, rejected, failed).when(retry()).thenEmits(retryRequested));
});

describe('a step that the saga gave up', () => {
  it('is noted', () => given(placed).when(fail()).thenEmits(failed));
  it('is noted also of an order that has ended', () => given(placed, rejected).when(fail()).thenEmits(failed));
  it('is noted once', () => given(placed, failed).when(fail()).thenEmits());
  it.each([fail('reserve', 1), fail('capture', 2)])('is noted beside others', (command) =>
    given(placed, failed)
      .when(command)
      .thenEmits({ ...failed, data: { ...failed.data, step: stepOf(command), attempt: attemptOf(command) } }),
  );
  it.each([retryRequested, skipRequested, abortRequested])('is noted again after a $type', (requested) =>
    given(placed, failed, requested).when(fail()).thenEmits(failed),
  );
});

const stepOf = ({ data }: OrderCommand) => ('step' in data ? data.step : '');
const attemptOf = ({ data }: OrderCommand) => ('attempt' in data ? data.attempt : 0);
