import type { Config } from '../../infra/config.js';
import { answersHttp } from '../../infra/engines/probe.js';
import type { EventStore } from '../../infra/event-store/event-store.js';
import type { Mongo } from '../../infra/mongo/mongo.js';
import type { Postgres } from '../../infra/postgres/postgres.js';
import type { ReadinessChecks } from '../../infra/process/health.js';
import { createTemporalCheck } from './temporal-check.js';

type Engines = Readonly<{ eventStore: EventStore; postgres: Postgres; mongo: Mongo }>;

/** The engines without which nobody can sign in or order anything. */
export const neededChecks = ({ eventStore, postgres }: Pick<Engines, 'eventStore' | 'postgres'>) =>
  ({
    'event-store': () => eventStore.head().then(() => true),
    postgres: () => postgres.query('select 1').then(() => true),
  }) satisfies ReadinessChecks;

/**
 * The engines that some answers or sagas wait for, and the platform's other processes. All gateways work with the same
 * ones: were one not ready for their lack, a balancer would take away what still goes on.
 */
export const otherChecks = ({ mongo }: Pick<Engines, 'mongo'>, config: Config): ReadinessChecks => ({
  mongodb: mongo.isReachable,
  temporal: createTemporalCheck(config.TEMPORAL_ADDRESS),
  'payment-provider': () => answersHttp(new URL('/health/ready', config.PAYMENT_PROVIDER_URL).href),
  projections: () => answersHttp(new URL('/health/ready', config.PROJECTIONS_URL).href),
  workflows: () => answersHttp(new URL('/health/ready', config.WORKFLOWS_URL).href),
});
