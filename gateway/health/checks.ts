import type { Config } from '../../infra/config.js';
import { answersHttp } from '../../infra/engines/probe.js';
import type { EventStore } from '../../infra/event-store/event-store.js';
import type { Mongo } from '../../infra/mongo/mongo.js';
import type { Postgres } from '../../infra/postgres/postgres.js';
import type { ReadinessChecks } from '../../infra/process/health.js';
import { once } from '../../infra/process/once.js';
import { createTemporalCheck } from './temporal-check.js';

type EngineChecks = Pick<ReturnType<typeof engineChecks>, 'event-store' | 'postgres'>;

type Engines = Readonly<{ eventStore: EventStore; postgres: Postgres; mongo: Mongo }>;

/** The engines, without which some of the public API answers 503 or orders do not go on. */
export const engineChecks = ({ eventStore, postgres, mongo }: Engines, config: Config) =>
  ({
    'event-store': () => eventStore.head().then(() => true),
    postgres: () => postgres.query('select 1').then(() => true),
    mongodb: mongo.isReachable,
    temporal: createTemporalCheck(config.TEMPORAL_ADDRESS),
  }) satisfies ReadinessChecks;

/**
 * What a gateway must have reached once before it is put to use. An engine that goes away later is away for all gateways,
 * and much goes on without it: none is then taken out of use.
 */
export const checksBeforeUse = ({ 'event-store': eventStore, postgres }: EngineChecks) => ({
  'event-store': once(eventStore),
  postgres: once(postgres),
});

/** The platform's other processes. */
export const roleChecks = (config: Config): ReadinessChecks => ({
  'payment-provider': () => answersHttp(new URL('/health/ready', config.PAYMENT_PROVIDER_URL).href),
  projections: () => answersHttp(new URL('/health/ready', config.PROJECTIONS_URL).href),
  workflows: () => answersHttp(new URL('/health/ready', config.WORKFLOWS_URL).href),
  auditor: () => answersHttp(new URL('/health/ready', config.AUDITOR_URL).href),
});
