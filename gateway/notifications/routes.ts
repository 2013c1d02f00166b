import type { NotificationQueries } from '../../projections/notifications/queries.js';
import { freshnessOf } from '../http/freshness.js';
import { pageOf, PageQuery } from '../http/page-query.js';
import { route, type Route } from '../http/route.js';

export type NotificationParts = Readonly<{ notifications: NotificationQueries }>;

/** The caller's own inbox. */
export const notificationRoutes = ({ notifications }: NotificationParts): readonly Route[] => [
  route('GET', '/notifications', { access: 'signed_in', query: PageQuery }, async ({ query, caller, headers }) => {
    const { page } = pageOf(query);
    return { status: 200, body: await notifications.inboxOf(caller.userId, page, freshnessOf(headers)) };
  }),
];
