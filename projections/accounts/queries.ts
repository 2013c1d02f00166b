import type { Postgres } from '../../infra/postgres/postgres.js';
import type { PersonalKeys } from '../../infra/security/personal-keys.js';
import { openKept } from '../../infra/security/sealing.js';
import { decodeCursor, pageOf } from '../shared/cursor.js';
import { readPostgresView } from '../shared/postgres-view.js';
import type { Found, Freshness, Page, PageRequest } from '../shared/queries.js';
import { accounts, type Account } from './projection.js';

export type { Account } from './projection.js';

export type AccountQueries = Readonly<{
  /** `null` where there never was such an account, or the person was erased. */
  byId: (id: string, freshness: Freshness) => Promise<Found<Account> | null>;
  /** Newest first. @throws DomainError `request.invalid_cursor` */
  list: (page: PageRequest, freshness: Freshness) => Promise<Page<Account>>;
}>;

/** Throws as `readPostgresView` does, and `service.unavailable` where a person's key cannot be looked up. */
export const createAccountQueries = (postgres: Postgres, personalKeys: Pick<PersonalKeys, 'find'>): AccountQueries => {
  const rows = readPostgresView<Account>(postgres, accounts);
  const open = (account: Account) => openKept(personalKeys, account.id, accounts.personal ?? [], account);
  return {
    byId: async (id, freshness) => {
      const found = await rows.byKey(id, freshness);
      return found && { ...found, item: await open(found.item) };
    },
    list: async (page, freshness) => {
      const after = page.cursor === undefined ? [] : decodeCursor(page.cursor, ['string', 'string']);
      const where = page.cursor === undefined ? '' : 'where (registered_at, key) < ($2, $3)';
      const clauses = `${where} order by registered_at desc, key desc limit $1`;
      const found = await rows.select(clauses, [page.limit + 1, ...after], freshness);
      const { items, nextCursor } = pageOf(found, page, ({ registeredAt, id }) => [registeredAt, id]);
      return { items: await Promise.all(items.map(open)), nextCursor };
    },
  };
};
