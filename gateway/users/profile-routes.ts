import type { Account, AccountQueries } from '../../projections/accounts/queries.js';
import type { OrderQueries } from '../../projections/orders/queries.js';
import { foundAs } from '../../projections/shared/queries.js';
import { foundAnswer } from '../http/conditional.js';
import { freshnessOf } from '../http/freshness.js';
import { PageQuery, pageOf } from '../http/page-query.js';
import { maySee, query, type Route } from '../http/route.js';
import { found } from '../http/success.js';
import { OrdersAnswer } from '../orders/answers.js';
import { OrdersQuery } from '../orders/dto.js';
import { AccountsAnswer, ProfileAnswer } from './answers.js';
import { accountNotFound, reachable } from './own-account.js';

export type ProfileParts = Readonly<{ accounts: AccountQueries; orders: Pick<OrderQueries, 'list'> }>;

/** What is shown of accounts. */
export const profileRoutes = ({ accounts, orders }: ProfileParts): readonly Route[] => [
  query(
    'GET',
    '/users',
    {
      id: 'listUsers',
      summary: 'Accounts, newest first',
      access: { roles: ['admin'] },
      query: PageQuery,
      answers: found(AccountsAnswer),
      refuses: ['request.invalid_cursor'],
    },
    async ({ query: asked, headers }) => ({
      status: 200,
      body: await accounts.list(pageOf(asked).page, freshnessOf(headers)),
    }),
  ),

  query(
    'GET',
    '/users/:id',
    {
      id: 'getUser',
      summary: 'A profile',
      access: 'signed_in',
      answers: found(ProfileAnswer),
      refuses: ['user.not_found'],
    },
    async ({ params, caller, headers }) => {
      const id = reachable(caller, params.id);
      const profile = foundAs(await accounts.byId(id, freshnessOf(headers)), profileOf);
      if (!profile) throw accountNotFound(id);
      return foundAnswer(profile);
    },
  ),

  query(
    'GET',
    '/users/:id/orders',
    {
      id: 'listOrdersOfUser',
      summary: 'Orders of a person, newest first',
      access: 'signed_in',
      query: OrdersQuery,
      answers: found(OrdersAnswer),
      refuses: ['user.not_found', 'request.invalid_cursor'],
    },
    async ({ params: { id }, query: asked, caller, headers }) => {
      if (!maySee(caller, id)) throw accountNotFound(id);
      const { page, filter } = pageOf(asked);
      return { status: 200, body: await orders.list({ ...filter, userId: id }, page, freshnessOf(headers)) };
    },
  ),
];

const profileOf = ({ id, email, name, phone, roles }: Account) => ({ id, email, name, phone, roles });
