import { catalog } from './catalog/service.js';
import { inventory } from './inventory/service.js';
import { orders } from './orders/service.js';
import { payments } from './payments/service.js';
import type { Service } from './shared/service.js';
import { users } from './users/service.js';

/** Every context of the platform. */
export const contexts: readonly Service[] = [users, catalog, inventory, orders, payments];
