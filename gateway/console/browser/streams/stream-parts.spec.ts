import type { StoredEvent } from './stream-api.js';
import { openEvent, orderIdOf, shownPart } from './stream-parts.js';

const event = (revision: number) => ({ revision }) as StoredEvent;

it('leads on and back from a part that was read forwards', () =>
  expect(shownPart({ items: [event(4), event(5)], nextCursor: '6', previousCursor: '3' }, undefined)).toEqual({
    events: [event(4), event(5)],
    earlier: { from: '3', direction: 'backwards' },
    later: { from: '6' },
  }));

it('shows a part that was read backwards as it happened', () =>
  expect(shownPart({ items: [event(3), event(2)], nextCursor: '1', previousCursor: '4' }, 'backwards')).toEqual({
    events: [event(2), event(3)],
    earlier: { from: '1', direction: 'backwards' },
    later: { from: '4' },
  }));

it('leads nowhere from a whole stream', () =>
  expect(shownPart({ items: [event(0)], nextCursor: null, previousCursor: null }, undefined)).toEqual({
    events: [event(0)],
    earlier: null,
    later: null,
  }));

it.each([
  ['that was chosen', 5, '4', 5],
  ['that the address names', null, '4', 4],
  ['that is the last, where the address names none', null, undefined, 6],
  ['that is the last, where the address names one of another part', 9, '3', 6],
])('opens the event %s', (_, chosen, from, opened) =>
  expect(openEvent([event(4), event(5), event(6)], chosen, from)?.revision).toBe(opened),
);

it.each([
  ['order-1', '1'],
  ['payment-1', '1'],
  ['shipment-1', '1'],
  ['product-1', null],
  ['order-', null],
])('knows of %s the order %s', (stream, orderId) => expect(orderIdOf(stream)).toBe(orderId));
