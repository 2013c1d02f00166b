import type { ViewTable } from '../shared/postgres-view.js';

/** Days are compared as text, which is in order since all have one format: hence the collation. */
export const salesTable: ViewTable = {
  columns: {
    day: `text collate "C" generated always as (split_part(key, '/', 1)) stored`,
    currency: `text collate "C" generated always as (split_part(key, '/', 2)) stored`,
    product_id: `text collate "C" generated always as (split_part(key, '/', 3)) stored`,
  },
  indexes: { by_day: '(day, product_id)' },
};
