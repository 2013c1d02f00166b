import type { Mongo } from '../../infra/mongo/mongo.js';
import { decodeCursor, pageOf } from '../shared/cursor.js';
import { readMongoView } from '../shared/mongo-view.js';
import type { Freshness, Page, PageRequest } from '../shared/queries.js';
import { isNewer, notifications, type Inbox, type InboxEntry } from './projection.js';

export type { InboxEntry } from './projection.js';

export type NotificationQueries = Readonly<{
  /** What a person was told lately, newest first. @throws DomainError `request.invalid_cursor` */
  inboxOf: (userId: string, page: PageRequest, freshness: Freshness) => Promise<Page<InboxEntry>>;
}>;

/** Throws as `readMongoView` does. */
export const createNotificationQueries = (mongo: Mongo): NotificationQueries => {
  const rows = readMongoView<Inbox>(mongo, notifications);
  return {
    inboxOf: async (userId, page, freshness) => {
      const isAfterCursor = afterCursor(page);
      const found = await rows.byKey(userId, freshness);
      const entries = (found?.item.entries ?? []).filter(isAfterCursor);
      return pageOf(entries, page, ({ requestedAt, id }) => [requestedAt, id]);
    },
  };
};

const afterCursor = ({ cursor }: PageRequest): ((entry: InboxEntry) => boolean) => {
  if (cursor === undefined) return () => true;
  const [requestedAt, id] = decodeCursor(cursor, ['string', 'string']);
  return (entry) => isNewer({ requestedAt, id }, entry);
};
