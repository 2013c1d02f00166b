import { carts } from './carts/projection.js';
import { catalogIndexes } from './catalog/indexes.js';
import { catalog } from './catalog/projection.js';
import { customers } from './customers/projection.js';
import { notifications } from './notifications/projection.js';
import { orders } from './orders/projection.js';
import { ordersTable } from './orders/table.js';
import { payments } from './payments/projection.js';
import { accounts } from './accounts/projection.js';
import { accountsTable } from './accounts/table.js';
import type { ViewDefinition } from './runner/view-definition.js';
import { sales } from './sales/projection.js';
import { salesTable } from './sales/table.js';
import { stock } from './stock/projection.js';

/** Every view of the platform. */
export const views: readonly ViewDefinition[] = [
  { view: orders, table: ordersTable },
  { view: stock },
  { view: payments },
  { view: accounts, table: accountsTable },
  { view: sales, table: salesTable },
  { view: catalog, indexes: catalogIndexes },
  { view: carts },
  { view: customers },
  { view: notifications },
];
