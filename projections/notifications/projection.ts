import type { Channel, Facts, NotificationEvent } from '../../domains/notifications/events.js';
import type { ProjectedEvent, Projection } from '../shared/projection.js';

/** How many entries an inbox keeps, and how many characters of a fact: a document is to stay well below 16 MB. */
export const mostEntries = 200;
export const mostCharacters = 500;

/** One message to one person, and what became of it. */
export type InboxEntry = Readonly<{
  id: string;
  channel: Channel;
  template: string;
  orderId: string | null;
  facts: Facts;
  status: 'REQUESTED' | 'SENT' | 'FAILED';
  requestedAt: string;
  sentAt: string | null;
}>;

/** What a person was told lately, newest first. */
export type Inbox = Readonly<{ userId: string; entries: readonly InboxEntry[] }>;

/** What people were told. Texts are not kept, only what they say. */
export const notifications: Projection<NotificationEvent, Inbox> = {
  name: 'notifications',
  version: 1,
  store: 'mongodb',
  categories: ['notification'],
  key: ({ data }) => data.userId,
  project: (event, row) => {
    const { notificationId: id, userId } = event.data;
    switch (event.type) {
      case 'NotificationRequested':
        return { userId, entries: withEntry(row?.entries ?? [], requested(event)) };
      case 'NotificationSent':
        return row && changed(row, id, { status: 'SENT', sentAt: event.at });
      case 'NotificationFailed':
        return row && changed(row, id, { status: 'FAILED' });
    }
  },
};

const requested = ({
  data,
  at,
}: ProjectedEvent<Extract<NotificationEvent, { type: 'NotificationRequested' }>>): InboxEntry => {
  const { notificationId: id, channel, template, orderId, facts } = data;
  return {
    id,
    channel,
    template,
    orderId,
    facts: shortened(facts),
    status: 'REQUESTED',
    requestedAt: at,
    sentAt: null,
  };
};

const shortened = (facts: Facts): Facts =>
  Object.fromEntries(
    Object.entries(facts).map(([name, fact]) => [name, Array.from(fact).slice(0, mostCharacters).join('')]),
  );

/** Requests are recorded by several processes: not always in the order of their times. */
const withEntry = (entries: readonly InboxEntry[], entry: InboxEntry): readonly InboxEntry[] =>
  [...entries, entry].toSorted((one, other) => (isNewer(one, other) ? -1 : 1)).slice(0, mostEntries);

/** Whether one entry stands before another: the later request, and of two at the same time the one of the higher id. */
export const isNewer = (one: EntryKey, other: EntryKey): boolean =>
  one.requestedAt === other.requestedAt ? one.id > other.id : one.requestedAt > other.requestedAt;

type EntryKey = Pick<InboxEntry, 'requestedAt' | 'id'>;

const changed = (row: Inbox, id: string, change: Partial<InboxEntry>): Inbox =>
  row.entries.some((entry) => entry.id === id)
    ? { ...row, entries: row.entries.map((entry) => (entry.id === id ? { ...entry, ...change } : entry)) }
    : row;
