import type { ServiceBus } from '../../infra/service-bus/service-bus.js';
import type { Route } from '../http/route.js';
import { proofRoutes, type ProofRouteParts } from './proof-routes.js';
import { recorded } from './recorded.js';
import { streamRoutes, type StreamParts } from './stream-routes.js';
import { verificationRoutes, type VerificationParts } from './verification-routes.js';

export type AuditParts = StreamParts &
  VerificationParts &
  ProofRouteParts &
  Readonly<{ bus: Pick<ServiceBus, 'send'> }>;

/** What auditors read, each read recorded. They read the log itself, and nobody else does. */
export const auditRoutes = (parts: AuditParts): readonly Route[] =>
  [...streamRoutes(parts), ...verificationRoutes(parts), ...proofRoutes(parts)].map(recorded(parts.bus));
