import { Gauge, type Registry } from 'prom-client';
import type { Log } from '../../infra/logging/log.js';
import type { ProjectionStatus } from '../shared/projection-status.js';
import type { Operations } from './operations.js';

const states = ['live', 'catching_up', 'rebuilding', 'stopped'] as const satisfies readonly ProjectionStatus['state'][];

/**
 * Adds to a registry how every view gets on, looked up when the metrics are read. What cannot be told then is left out,
 * never told as it was before.
 */
export const addViewMetrics = (registry: Registry, { list }: Pick<Operations, 'list'>, log: Log): void => {
  let looking: Promise<readonly ProjectionStatus[]> | undefined;
  /** One look for all gauges, which are read at once. */
  const look = () => {
    looking ??= list()
      .catch((error: unknown) => {
        log.warn({ err: error }, 'the metrics of the views cannot be told now');
        return [];
      })
      .finally(() => (looking = undefined));
    return looking;
  };

  const gauge = (name: string, help: string, read: (status: ProjectionStatus) => number | null) =>
    new Gauge({
      name: `evermart_projection_${name}`,
      help,
      labelNames: ['view', 'store'],
      registers: [registry],
      async collect() {
        const all = await look();
        this.reset();
        for (const status of all) {
          const value = read(status);
          if (value !== null) this.set({ view: status.name, store: status.store }, value);
        }
      },
    });

  gauge('position', 'Position of $all up to which the view has applied everything', ({ position }) =>
    position === null ? null : Number(position),
  );
  gauge('lag_events', 'Events that are there and not applied', ({ lagEvents }) => lagEvents);
  gauge('lag_seconds', 'Age of the oldest event that is not applied', ({ lagSeconds }) => lagSeconds);
  gauge('rate', 'Events applied per second, of late', ({ rate }) => rate);
  gauge('parked_keys', 'Keys of which events are parked', ({ parkedKeys }) => parkedKeys);
  new Gauge({
    name: 'evermart_projection_state',
    help: 'State of the view: 1 for the one it is in, 0 for the others',
    labelNames: ['view', 'store', 'state'],
    registers: [registry],
    async collect() {
      const all = await look();
      this.reset();
      for (const { name: view, store, state: present } of all)
        for (const state of states) this.set({ view, store, state }, state === present ? 1 : 0);
    },
  });
};
