import { everyAggregate } from '../../domains/contexts.js';
import type { RunningProjections } from '../runner/runner.js';
import { readEvents } from '../runner/read-events.js';
import { runViews } from '../runner/testing/run-views.js';
import { asItIs, onceBuilt, freshAs, startReadSide, type ReadSide } from '../shared/testing/read-side.js';
import { notifications } from './projection.js';
import { createNotificationQueries, type NotificationQueries } from './queries.js';

let readSide: ReadSide;
let queries: NotificationQueries;
let view: RunningProjections;

const userId = 'u1';
const append = (notificationId: string, type: string, data: object) =>
  readSide.append(`notification-${notificationId}`, { type, data: { notificationId, userId, ...data } });
const shipped = { cause: 'e1', channel: 'email', template: 'shipped', orderId: 'o1', facts: { carrier: 'DHL' } };
const request = (notificationId: string) => append(notificationId, 'NotificationRequested', shipped);
const page = (limit: number, cursor?: string | null) => ({ limit, cursor: cursor ?? undefined });

beforeAll(async () => {
  readSide = await startReadSide();
  queries = createNotificationQueries(readSide.mongo);
  view = runViews(readSide, [{ view: notifications }], { read: readEvents(everyAggregate) });
});

afterAll(async () => {
  await view.stop();
  await readSide.stop();
});

describe('an inbox', () => {
  it('is empty where nothing was ever told', async () =>
    expect(await queries.inboxOf('nobody', page(9), onceBuilt)).toEqual({ items: [], nextCursor: null }));

  it('is shown newest first, and no page shifts when something is told', async () => {
    for (const id of ['n1', 'n2', 'n3', 'n4']) await request(id);
    const sent = await append('n3', 'NotificationSent', { reference: 'r1' });
    const first = await queries.inboxOf(userId, page(2), freshAs('notification', sent));
    expect(first.items).toMatchObject([
      { id: 'n4', status: 'REQUESTED', sentAt: null },
      { id: 'n3', status: 'SENT', template: 'shipped', facts: { carrier: 'DHL' } },
    ]);
    const fifth = await request('n5');
    const second = await queries.inboxOf(userId, page(2, first.nextCursor), freshAs('notification', fifth));
    expect(second).toMatchObject({ items: [{ id: 'n2' }, { id: 'n1' }], nextCursor: null });
    expect((await queries.inboxOf(userId, page(1), asItIs)).items).toMatchObject([{ id: 'n5' }]);
  });

  it('loses nothing between pages of what was told at the same time', async () => {
    const requested = (notificationId: string) => ({
      type: 'NotificationRequested',
      data: { notificationId, userId: 'u2', ...shipped },
    });
    const both = await readSide.append('notification-both', requested('email'), requested('sms'));
    const first = await queries.inboxOf('u2', page(1), freshAs('notification', both));
    const second = await queries.inboxOf('u2', page(1, first.nextCursor), asItIs);
    expect([first.items, second.items]).toMatchObject([[{ id: 'sms' }], [{ id: 'email' }]]);
    expect(second.nextCursor).toBeNull();
  });

  it('refuses a cursor that is not its own, also where it is empty', () =>
    expect(queries.inboxOf('nobody', page(1, 'x'), asItIs)).rejects.toMatchObject({ code: 'request.invalid_cursor' }));
});
