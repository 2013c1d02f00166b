import type { Account, AccountQueries } from '../../projections/accounts/queries.js';
import type { OrderQueries } from '../../projections/orders/queries.js';
import { foundAs } from '../../projections/shared/queries.js';
import { foundAnswer } from '../http/conditional.js';
import { freshnessOf } from '../http/freshness.js';
import { PageQuery, pageOf } from '../http/page-query.js';
import { maySee, route, type Route } from '../http/route.js';
import { OrdersQuery } from '../orders/dto.js';
import { accountNotFound, reachable } from './own-account.js';

export type ProfileParts = Readonly<{ accounts: AccountQueries; orders: Pick<OrderQueries, 'list'> }>;

/** What is shown of accounts. */
export const profileRoutes = ({ accounts, orders }: ProfileParts): readonly Route[] => [
  route('GET', '/users', { access: { roles: ['admin'] }, query: PageQuery }, async ({ query, headers }) => ({
    status: 200,
    body: await accounts.list(pageOf(query).page, freshnessOf(headers)),
  })),

  route('GET', '/users/:id', { access: 'signed_in' }, async ({ params, caller, headers }) => {
    const id = reachable(caller, params.id);
    const profile = foundAs(await accounts.byId(id, freshnessOf(headers)), profileOf);
    if (!profile) throw accountNotFound(id);
    return foundAnswer(headers, profile);
  }),

  route(
    'GET',
    '/users/:id/orders',
    { access: 'signed_in', query: OrdersQuery },
    async ({ params: { id }, query, caller, headers }) => {
      if (!maySee(caller, id)) throw accountNotFound(id);
      const { page, filter } = pageOf(query);
      return { status: 200, body: await orders.list({ ...filter, userId: id }, page, freshnessOf(headers)) };
    },
  ),
];

const profileOf = ({ id, email, name, phone, roles }: Account) => ({ id, email, name, phone, roles });
