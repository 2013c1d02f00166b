import type { EventMetadata } from '../../infra/event-store/stored-event.js';
import { isWantedBy, type EventFilter } from './event-filter.js';

const noon = new Date('2026-01-31T12:00:00Z');
const event = {
  ...{ category: 'order', type: 'OrderPaid', created: noon },
  metadata: { actor: '(saga)', $correlationId: 'c1' } as EventMetadata,
};
const before = new Date(noon.getTime() - 1);
const after = new Date(noon.getTime() + 1);

it.each<[EventFilter, boolean]>([
  [{}, true],
  [{ category: 'order', type: 'OrderPaid', actor: '(saga)', correlationId: 'c1', from: noon, to: after }, true],
  [{ category: 'stock' }, false],
  [{ type: 'OrderPlaced' }, false],
  [{ actor: '(notifications)' }, false],
  [{ correlationId: 'c2' }, false],
  [{ from: before }, true],
  [{ from: after }, false],
  [{ to: noon }, false],
])('%j: %s', (filter, isWanted) => expect(isWantedBy(filter)(event)).toBe(isWanted));

it('passes by what others have written without metadata', () =>
  expect(isWantedBy({ actor: '(saga)' })({ ...event, metadata: {} as EventMetadata })).toBe(false));
