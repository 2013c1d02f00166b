import type { ServiceBus } from '../../infra/service-bus/service-bus.js';
import type { Route } from '../http/route.js';
import { recorded } from './recorded.js';
import { replayRoutes, type ReplayParts } from './replay-routes.js';
import { streamRoutes, type StreamParts } from './stream-routes.js';

export type AuditParts = StreamParts & ReplayParts & Readonly<{ bus: Pick<ServiceBus, 'send'> }>;

/** What auditors read, each read recorded. They read the log itself, and nobody else does. */
export const auditRoutes = (parts: AuditParts): readonly Route[] =>
  [...streamRoutes(parts), ...replayRoutes(parts)].map(recorded(parts.bus));
