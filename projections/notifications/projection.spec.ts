import type { NotificationEvent } from '../../domains/notifications/events.js';
import { hour, rowAfterFor } from '../shared/testing/rows.js';
import { mostCharacters, mostEntries, notifications } from './projection.js';

const userId = 'u1';
const told = { channel: 'email', template: 'shipped', orderId: 'o1', facts: { carrier: 'DHL' } } as const;
const requested = (notificationId: string): NotificationEvent => ({
  type: 'NotificationRequested',
  data: { notificationId, userId, cause: 'e1', ...told },
});
const sent = (notificationId: string): NotificationEvent => ({
  type: 'NotificationSent',
  data: { notificationId, userId, reference: 'r1' },
});
const failed = (notificationId: string): NotificationEvent => ({
  type: 'NotificationFailed',
  data: { notificationId, userId, code: 'no_such_mailbox' },
});

const rowAfter = rowAfterFor(notifications);
const idsAfter = (...events: NotificationEvent[]) => rowAfter(...events)?.entries.map(({ id }) => id);

describe('an inbox', () => {
  it('shows what was requested', () =>
    expect(rowAfter(requested('n1'))).toEqual({
      userId,
      entries: [{ id: 'n1', ...told, status: 'REQUESTED', requestedAt: hour(0), sentAt: null }],
    }));

  it.each<[string, NotificationEvent[], string, string | null]>([
    ['was sent', [sent('n1')], 'SENT', hour(2)],
    ['could not be sent', [failed('n1')], 'FAILED', null],
    ['was given up and sent all the same', [failed('n1'), sent('n1')], 'SENT', hour(3)],
  ])('shows what %s', (_, events, status, sentAt) =>
    expect(rowAfter(requested('n1'), requested('n2'), ...events)?.entries).toMatchObject([
      { id: 'n2', status: 'REQUESTED', sentAt: null },
      { id: 'n1', status, sentAt, requestedAt: hour(0) },
    ]),
  );

  it('keeps the newest entries', () => {
    const many = Array.from({ length: mostEntries + 1 }, (_, index) => requested(`n${index}`));
    const ids = idsAfter(...many);
    expect([ids?.length, ids?.[0], ids?.at(-1)]).toEqual([mostEntries, `n${mostEntries}`, 'n1']);
    const row = rowAfter(...many);
    expect(notifications.project({ ...sent('n0'), streamId: 's', revision: 1, at: hour(300) }, row)).toBe(row);
  });

  it('is in the order of the requests, not of their recording', () => {
    const at = (event: NotificationEvent, time: string, row: ReturnType<typeof rowAfter>) =>
      notifications.project({ ...event, streamId: 's', revision: 0, at: time }, row) ?? undefined;
    const first = at(requested('n1'), hour(5), undefined);
    const inbox = at(requested('n3'), hour(4), at(requested('n2'), hour(5), at(requested('n4'), hour(6), first)));
    expect(inbox?.entries.map(({ id }) => id)).toEqual(['n4', 'n2', 'n1', 'n3']);
  });

  it('shows only the beginning of a long fact', () => {
    const { data } = requested('n1') as Extract<NotificationEvent, { type: 'NotificationRequested' }>;
    const facts = { lines: '🥣'.repeat(mostCharacters + 1), amount: '900' };
    expect(rowAfter({ type: 'NotificationRequested', data: { ...data, facts } })?.entries[0]?.facts).toEqual({
      lines: '🥣'.repeat(mostCharacters),
      amount: '900',
    });
  });

  it('is not made by what became of something unknown', () =>
    expect([rowAfter(sent('n1')), rowAfter(failed('n1'))]).toEqual([undefined, undefined]));
});
