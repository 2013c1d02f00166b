import type { AnyAggregate } from '../../domains/shared/service.js';
import type { AuditIndex } from '../../infra/audit-log/audit-index.js';
import type { EventStore } from '../../infra/event-store/event-store.js';
import type { ServiceBus } from '../../infra/service-bus/service-bus.js';
import type { Route } from '../http/route.js';
import { correlationRoutes } from './correlation-routes.js';
import type { Correlations } from './correlations.js';
import { tellingDamage } from './damage.js';
import { eventRoutes, type EventParts } from './event-routes.js';
import { exportRoutes, type ExportParts } from './export-routes.js';
import { named } from './names.js';
import { pastStateRoutes } from './past-state-routes.js';
import { proofRoutes, type ProofRouteParts } from './proof-routes.js';
import { recorded } from './recorded.js';
import { replayRoutes, type ReplayParts } from './replay-routes.js';
import { streamRoutes } from './stream-routes.js';
import { verificationRoutes, type VerificationParts } from './verification-routes.js';

export type AuditParts = Pick<EventParts, 'accessTokens'> &
  ReplayParts &
  VerificationParts &
  ProofRouteParts &
  ExportParts &
  Readonly<{
    bus: Pick<ServiceBus, 'send'>;
    eventStore: Pick<EventStore, 'readStream' | 'readAll'>;
    auditIndex: AuditIndex;
    correlations: Correlations;
    /** The names of the views. */
    viewNames: readonly string[];
    /** Every kind of stream. */
    aggregates: readonly AnyAggregate[];
  }>;

/**
 * What auditors read, each read recorded. They read the log itself; beside them only timelines of orders do, for those
 * who may see the order.
 */
export const auditRoutes = (parts: AuditParts): readonly Route[] => {
  const log = { ...parts, eventStore: tellingDamage(parts.eventStore) };
  const routes = [
    ...streamRoutes(log),
    ...pastStateRoutes(log),
    ...eventRoutes(log),
    ...correlationRoutes(parts),
    ...replayRoutes(parts),
    ...verificationRoutes(parts),
    ...proofRoutes(parts),
    ...exportRoutes(parts),
  ];
  return routes.map(recorded(parts.bus)).map(named(parts));
};
