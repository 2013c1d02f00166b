import type { NotificationQueries } from '../../projections/notifications/queries.js';
import { freshnessOf } from '../http/freshness.js';
import { pageOf, PageQuery } from '../http/page-query.js';
import { query, type Route } from '../http/route.js';
import { found } from '../http/success.js';
import { NotificationsAnswer } from './answers.js';

export type NotificationParts = Readonly<{ notifications: NotificationQueries }>;

/** The caller's own inbox. */
export const notificationRoutes = ({ notifications }: NotificationParts): readonly Route[] => [
  query(
    'GET',
    '/notifications',
    {
      id: 'listNotifications',
      summary: 'What the caller was told lately, newest first',
      access: 'signed_in',
      query: PageQuery,
      answers: found(NotificationsAnswer),
      refuses: ['request.invalid_cursor'],
    },
    async ({ query: asked, caller, headers }) => {
      const { page } = pageOf(asked);
      return { status: 200, body: await notifications.inboxOf(caller.userId, page, freshnessOf(headers)) };
    },
  ),
];
