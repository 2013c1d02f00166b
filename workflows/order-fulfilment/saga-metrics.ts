import { Gauge, type Registry } from 'prom-client';
import type { SagaStatus } from './fulfilment.js';

/** What a saga that has not ended may be doing, as it writes it into its search attribute `SagaStatus`. */
export const openStatuses = [
  'running',
  'waiting_for_payment',
  'needs_attention',
  'compensating',
  'waiting_for_dispatch',
  'waiting_for_delivery',
] as const satisfies readonly SagaStatus[];
export type OpenStatus = (typeof openStatuses)[number];

/** What a reconciliation of orders and sagas has found. */
export type Reconciled = Readonly<{ ordersWithoutSaga: number; sagas: Readonly<Record<OpenStatus, number>> }>;

/** Adds to a registry what the latest reconciliation found, and when it was done; the result takes the next. */
export const addSagaMetrics = (registry: Registry): ((found: Reconciled) => void) => {
  const registers = [registry];
  const ordersWithoutSaga = new Gauge({
    name: 'evermart_orders_without_saga',
    help: 'Orders that have not ended and that no saga carries on; anything but 0 wants a person',
    registers,
  });
  const sagas = new Gauge({
    name: 'evermart_sagas',
    help: 'Sagas that have not ended, by their status',
    labelNames: ['status'],
    registers,
  });
  const timestamp = new Gauge({
    name: 'evermart_reconciliation_timestamp_seconds',
    help: 'When orders and sagas were last compared to the end',
    registers,
  });
  return (found) => {
    ordersWithoutSaga.set(found.ordersWithoutSaga);
    for (const status of openStatuses) sagas.set({ status }, found.sagas[status]);
    timestamp.setToCurrentTime();
  };
};
