import { collectDefaultMetrics, Registry } from 'prom-client';
import type { Log } from '../../infra/logging/log.js';
import type { Postgres } from '../../infra/postgres/postgres.js';
import { countRefusedForStock } from '../../projections/orders/queries.js';
import type { ProjectionQueries } from '../../projections/runner/queries.js';
import { readSalesTotals } from '../../projections/sales/queries.js';
import { countSoldOut } from '../../projections/stock/queries.js';
import { addPlatformMetrics } from './platform-metrics.js';
import { readSagaCounts } from './saga-counts.js';

export type RegistryParts = Readonly<{
  projections: Pick<ProjectionQueries, 'list'>;
  postgres: Postgres;
  workflowsUrl: string;
  log: Log;
}>;

/** Where a gateway keeps its metrics: those of the process and of the platform are in it from the start. */
export const createRegistry = ({ projections, postgres, workflowsUrl, log }: RegistryParts): Registry => {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const figures = {
    projections,
    sagas: readSagaCounts(workflowsUrl),
    sales: readSalesTotals(postgres),
    soldOut: countSoldOut(postgres),
    refusedForStock: countRefusedForStock(postgres),
  };
  addPlatformMetrics(registry, figures, { log });
  return registry;
};
