import type { CartQueries } from '../../../projections/carts/queries.js';
import type { CatalogQueries, CategoryView } from '../../../projections/catalog/queries.js';
import type { InboxEntry, NotificationQueries } from '../../../projections/notifications/queries.js';
import type { Freshness } from '../../../projections/shared/queries.js';
import { found, mug } from './shown.js';

const categories: readonly CategoryView[] = [
  { id: 'cups', name: 'Cups', parentId: null },
  { id: 'mugs', name: 'Mugs', parentId: 'cups' },
];
const inCart = [
  { productId: 'mug', quantity: 2 },
  { productId: 'gone', quantity: 1 },
];
const told: InboxEntry = {
  id: 'n1',
  channel: 'email',
  template: 'welcome',
  orderId: null,
  facts: {},
  status: 'REQUESTED',
  requestedAt: '2026-01-01T00:00:00.000Z',
  sentAt: null,
};

/** The views of a shop with one product in two categories, which Ada has in her cart beside one that is gone. */
export const shopViews = (
  seen: <Result>(freshness: Freshness, result: Result) => Promise<Result>,
): Readonly<{ catalog: CatalogQueries; carts: CartQueries; notifications: NotificationQueries }> => ({
  catalog: {
    byId: (id, freshness) => seen(freshness, id === 'mug' ? found(mug) : null),
    byIds: (ids, freshness) => seen(freshness, new Map(ids.includes('mug') ? [['mug', mug]] : [])),
    list: (_filter, _page, freshness) => seen(freshness, { items: [mug], nextCursor: null }),
    categories: ({ limit, cursor }, freshness) =>
      seen(freshness, { items: categories.slice(0, limit), nextCursor: cursor ?? null }),
  },
  carts: { ofUser: (userId, freshness) => seen(freshness, { userId, items: userId === 'ada' ? inCart : [] }) },
  notifications: {
    inboxOf: (userId, { cursor }, freshness) =>
      seen(freshness, { items: userId === 'ada' ? [told] : [], nextCursor: cursor ?? null }),
  },
});
