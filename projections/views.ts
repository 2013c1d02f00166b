import { catalogIndexes } from './catalog/indexes.js';
import { catalog } from './catalog/projection.js';
import { orders } from './orders/projection.js';
import { ordersTable } from './orders/table.js';
import { payments } from './payments/projection.js';
import type { ViewDefinition } from './runner/view-definition.js';
import { stock } from './stock/projection.js';

/** Every view of the platform. */
export const views: readonly ViewDefinition[] = [
  { view: orders, table: ordersTable },
  { view: stock },
  { view: payments },
  { view: catalog, indexes: catalogIndexes },
];
