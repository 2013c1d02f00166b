import { Gauge, type Registry } from 'prom-client';
import type { Log } from '../../infra/logging/log.js';
import type { ProjectionQueries } from '../../projections/runner/queries.js';
import type { SalesTotals } from '../../projections/sales/queries.js';
import { lately, type Patience } from './lately.js';
import type { SagaCounts } from './saga-counts.js';

export type PlatformFigures = Readonly<{
  projections: Pick<ProjectionQueries, 'list'>;
  /** Sagas that have not ended, by their status. */
  sagas: () => Promise<SagaCounts>;
  sales: () => Promise<readonly SalesTotals[]>;
  /** How many products have nothing left to sell. */
  soldOut: () => Promise<number>;
  /** How many orders were rejected since there was not enough. */
  refusedForStock: () => Promise<number>;
}>;

/**
 * Adds to a registry how the platform and its business get on, from the views and the other processes: the same of every
 * gateway, and right after a restart. It is read when the metrics are; what cannot be told then is left out.
 */
export const addPlatformMetrics = (
  registry: Registry,
  figures: PlatformFigures,
  { log, patience }: Readonly<{ log: Log; patience?: Patience }>,
): void => {
  const told = <Result>(what: string, read: () => Promise<Result>) =>
    lately(read, { what, log, ...(patience ? { patience } : {}) });
  const gauge = gaugesIn(registry);

  const views = told('how the views get on', figures.projections.list);
  gauge('projection_lag_events', 'Events that are there and not applied', ['view', 'store'], async () =>
    (await views())?.map(({ name: view, store, lagEvents }) => [{ view, store }, lagEvents]),
  );
  gauge('projection_lag_seconds', 'Age of the oldest event that is not applied', ['view', 'store'], async () =>
    (await views())?.map(({ name: view, store, lagSeconds }) => [{ view, store }, lagSeconds]),
  );

  const sagas = told('how many sagas there are', figures.sagas);
  gauge('sagas', 'Sagas that have not ended, by their status', ['status'], async () =>
    Object.entries((await sagas()) ?? {}).map(([status, count]) => [{ status }, count]),
  );

  const sales = told('what was sold', figures.sales);
  gauge('revenue_minor_units', 'Money taken less money given back, ever', ['currency'], async () =>
    (await sales())?.map(({ currency, revenue, refunded }) => [{ currency }, revenue - refunded]),
  );
  gauge('orders_paid', 'Orders that were paid, ever', ['currency'], async () =>
    (await sales())?.map(({ currency, orders }) => [{ currency }, orders]),
  );

  const soldOut = told('how many products are sold out', figures.soldOut);
  gauge('products_sold_out', 'Products of which there is nothing left to sell', [], async () =>
    single(await soldOut()),
  );

  const refused = told('how many orders there was not enough for', figures.refusedForStock);
  gauge('stock_outs', 'Orders that were rejected since there was not enough in stock, ever', [], async () =>
    single(await refused()),
  );
};

type Sample = readonly [labels: Readonly<Record<string, string>>, value: number];

const single = (value: number | null): readonly Sample[] => (value === null ? [] : [[{}, value]]);

const gaugesIn =
  (registry: Registry) =>
  (
    name: string,
    help: string,
    labelNames: readonly string[],
    read: () => Promise<readonly Sample[] | undefined>,
  ): Gauge =>
    new Gauge({
      name: `evermart_${name}`,
      help,
      labelNames: [...labelNames],
      registers: [registry],
      async collect() {
        const samples = (await read()) ?? [];
        this.reset();
        // Without labels it is 0 then, which is a claim.
        if (labelNames.length === 0) this.remove();
        for (const [labels, value] of samples) this.set(labels, value);
      },
    });
