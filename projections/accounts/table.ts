import type { ViewTable } from '../shared/postgres-view.js';

/** Instants are compared as text, which is in order since all have one format: hence the collation. */
export const accountsTable: ViewTable = {
  columns: { registered_at: `text collate "C" generated always as (data->>'registeredAt') stored` },
  indexes: { newest: '(registered_at desc, key desc)' },
};
