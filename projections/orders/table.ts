import type { ViewTable } from '../shared/postgres-view.js';

/** Instants are compared as text, which is in order since all have one format: hence the collation. */
export const ordersTable: ViewTable = {
  columns: {
    user_id: `text generated always as (data->>'userId') stored`,
    status: `text generated always as (data->>'status') stored`,
    placed_at: `text collate "C" generated always as (data->>'placedAt') stored`,
  },
  indexes: {
    newest: '(placed_at desc, key desc)',
    newest_of_user: '(user_id, placed_at desc, key desc)',
    newest_by_status: '(status, placed_at desc, key desc)',
    newest_by_reason: `((data->>'statusReason'), placed_at desc, key desc) where data->>'statusReason' is not null`,
  },
};
