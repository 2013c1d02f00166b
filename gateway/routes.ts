import { adminRoutes, type AdminParts } from './admin/routes.js';
import { auditRoutes, type AuditParts } from './audit/routes.js';
import { screenRoutes, type ScreenRouteParts } from './bff/routes.js';
import { cartRoutes, type CartParts } from './carts/routes.js';
import { catalogRoutes, type CatalogParts } from './catalog/routes.js';
import { healthRoutes, type HealthParts } from './health/routes.js';
import type { Route } from './http/route.js';
import { inventoryRoutes, type InventoryParts } from './inventory/routes.js';
import { metricsRoutes, type MetricsParts } from './metrics/routes.js';
import { notificationRoutes, type NotificationParts } from './notifications/routes.js';
import { orderCommandRoutes, type OrderCommandParts } from './orders/command-routes.js';
import { orderEventRoutes, type OrderEventParts } from './orders/event-routes.js';
import { orderRoutes, type OrderParts } from './orders/routes.js';
import { sagaRoutes, type SagaParts } from './orders/saga-routes.js';
import { timelineRoutes, type TimelineParts } from './orders/timeline/timeline-routes.js';
import { paymentRoutes, type PaymentParts } from './payments/routes.js';
import { webhookRoutes, type WebhookParts } from './payments/webhook-routes.js';
import { shippingRoutes, type ShippingParts } from './shipping/routes.js';
import { accountRoutes, type AccountParts } from './users/account-routes.js';
import { profileRoutes, type ProfileParts } from './users/profile-routes.js';
import type { RegistrationParts } from './users/registration.js';
import { userRoutes } from './users/routes.js';
import { signInRoutes, type SignInParts } from './users/sign-in-routes.js';

/** Whatever routes work with. */
export type ApiParts = RegistrationParts &
  AccountParts &
  ProfileParts &
  SignInParts &
  CatalogParts &
  InventoryParts &
  CartParts &
  OrderParts &
  OrderCommandParts &
  OrderEventParts &
  SagaParts &
  TimelineParts &
  PaymentParts &
  WebhookParts &
  ShippingParts &
  NotificationParts &
  ScreenRouteParts &
  AdminParts &
  AuditParts &
  HealthParts &
  MetricsParts;

/** The whole public API, as a table. */
export const apiRoutes = (parts: ApiParts): readonly Route[] => [
  ...userRoutes(parts),
  ...accountRoutes(parts),
  ...profileRoutes(parts),
  ...signInRoutes(parts),
  ...catalogRoutes(parts),
  ...inventoryRoutes(parts),
  ...cartRoutes(parts),
  ...orderRoutes(parts),
  ...orderCommandRoutes(parts),
  ...orderEventRoutes(parts),
  ...sagaRoutes(parts),
  ...timelineRoutes(parts),
  ...paymentRoutes(parts),
  ...webhookRoutes(parts),
  ...shippingRoutes(parts),
  ...notificationRoutes(parts),
  ...screenRoutes(parts),
  ...adminRoutes(parts),
  ...auditRoutes(parts),
  ...healthRoutes(parts),
  ...metricsRoutes(parts),
];
