import { Agent, request, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { audit } from '../../../domains/audit/service.js';
import { catalog } from '../../../domains/catalog/service.js';
import { everyAggregate } from '../../../domains/contexts.js';
import { inventory } from '../../../domains/inventory/service.js';
import type { AuditIndex } from '../../../infra/audit-log/audit-index.js';
import { createScannedIndex } from '../../../infra/audit-log/testing/scanned-index.js';
import { startEngines } from '../../../infra/engines/testing/engines-for-tests.js';
import { createEventStore, type EventStore } from '../../../infra/event-store/event-store.js';
import type { Position, StoredEvent } from '../../../infra/event-store/stored-event.js';
import { allStored } from '../../../infra/event-store/testing/all-stored.js';
import type { Log } from '../../../infra/logging/log.js';
import { createPostgres } from '../../../infra/postgres/postgres.js';
import { once } from '../../../infra/process/once.js';
import { closeServer, listen } from '../../../infra/process/server.js';
import { createLocalServiceBus } from '../../../infra/service-bus/local-service-bus.js';
import { silent } from '../../../infra/service-bus/testing/services.js';
import { createProjectionQueries } from '../../../projections/runner/queries.js';
import { views } from '../../../projections/views.js';
import { createGateway } from '../../http/server.js';
import { describeAt } from '../../http/testing/conformance.js';
import { accessTokens } from '../../http/testing/gateway.js';
import { createCorrelations } from '../correlations.js';
import type { ExportParts } from '../export-routes.js';
import { auditRoutes } from '../routes.js';

/** Nobody listens there: what is asked of it is tried elsewhere. */
const away = createPostgres('postgresql://127.0.0.1:1/away');

export const auditor = 'c0ffee00-0000-4000-8000-000000000001';

const viewNames = views.map(({ view }) => view.name);

type Over = Partial<Pick<EventStore, 'readAll'> & ExportParts & Readonly<{ auditIndex: AuditIndex; log: Log }>>;

/** Tests only: the audit API over an embedded event store, with contexts that have nothing personal. */
export const startAuditDesk = async () => {
  const engines = await startEngines(['event-store']);
  const eventStore = createEventStore(engines.env.EVENTSTORE_URL);
  return {
    ...auditDeskOver(eventStore),
    stop: async () => {
      await eventStore.dispose();
      await engines.stop();
    },
  };
};

/** Tests only: the audit API over an event store. */
export const auditDeskOver = (eventStore: EventStore) => {
  const noKeys = { keyFor: () => Promise.resolve(null), find: () => Promise.resolve(null) };
  const bus = createLocalServiceBus({ services: [audit, catalog, inventory], eventStore, personalKeys: noKeys });
  const open = async ({ bundles = noBundles, log = silent, ...over }: Over = {}) => {
    const { auditIndex = createScannedIndex(eventStore), ...ofStore } = over;
    const store = { ...eventStore, ...ofStore };
    const correlations = createCorrelations({ eventStore: store, index: auditIndex });
    const read = { eventStore: store, auditIndex, correlations, aggregates: everyAggregate, viewNames };
    const others = { postgres: away, bundles, projections: createProjectionQueries(bus) };
    const routes = auditRoutes({ bus, ...read, ...others, accessTokens });
    const server = createGateway({ routes, accessTokens, log });
    await listen(server, { host: '127.0.0.1', port: 0 });
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    describeAt(origin, routes);
    return { url: `${origin}/api/v1/audit`, close: () => closeServer(server) };
  };
  return { eventStore, bus, open };
};

const noBundles: ExportParts['bundles'] = { open: () => Promise.reject(new Error('No auditor is here')) };

/** Tests only: what `startAuditDesk` gives. */
export type AuditDesk = Awaited<ReturnType<typeof startAuditDesk>>;

/** Tests only: an index that knows the log up to a position. */
export const indexUpTo = (eventStore: EventStore, through: Position | null): AuditIndex => {
  const known = once(async (): Promise<readonly StoredEvent[]> => {
    const events = await allStored(eventStore);
    return events.filter(({ position }) => through !== null && position.commit <= through.commit);
  });
  return {
    ...createScannedIndex(eventStore),
    ofCorrelation: async (correlationId, most) => {
      const found = (await known()).filter(({ metadata }) => metadata.$correlationId === correlationId);
      return { found: found.slice(0, most), through };
    },
    before: async (instant) => (await known()).findLast(({ created }) => created < instant)?.position ?? null,
  };
};

const agent = new Agent({ maxSockets: Infinity });

/** Tests only: asks for lines, and gives the answer as soon as it begins. */
export const openLines = (url: string, as = `${auditor}:auditor`): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    request(url, { agent, headers: { authorization: `Bearer ${as}` } }, resolve)
      .on('error', reject)
      .end();
  });
