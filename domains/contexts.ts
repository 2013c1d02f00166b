import { audit } from './audit/service.js';
import { carts } from './carts/service.js';
import { catalog } from './catalog/service.js';
import { inventory } from './inventory/service.js';
import { notifications } from './notifications/service.js';
import { orders } from './orders/service.js';
import { payments } from './payments/service.js';
import type { AnyAggregate, Service } from './shared/service.js';
import { shipping } from './shipping/service.js';
import { users } from './users/service.js';

/** Every context of the platform. */
export const contexts: readonly Service[] = [
  users,
  catalog,
  inventory,
  carts,
  orders,
  payments,
  shipping,
  notifications,
  audit,
];

/** Every kind of stream. */
export const everyAggregate: readonly AnyAggregate[] = contexts.flatMap(({ aggregates }) => aggregates);
