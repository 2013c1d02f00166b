import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import type { Log } from '../../infra/logging/log.js';
import type { ServiceBus } from '../../infra/service-bus/service-bus.js';
import { workflowIdOf } from './fulfilment.js';
import type { OpenOrders } from './open-orders.js';
import { openStatuses, type Reconciled } from './saga-metrics.js';

export type ReconciliationParts = Readonly<{
  openOrders: OpenOrders;
  client: Client;
  bus: Pick<ServiceBus, 'ask'>;
  log: Log;
}>;

/** So long an order may take to come to its saga. */
const graceSeconds = 60;
/** So many orders are looked at together. */
const most = 200;
const answerWithinMs = 10_000;
const running = `ExecutionStatus = 'Running'`;
const ended = ['REJECTED', 'CANCELLED', 'DELIVERED', 'RETURNED'];

/**
 * Compares the orders that are open with the sagas that run. What it gives does so once: it forgets orders that have
 * ended, says of each order without a saga in the log when it first finds it, and counts them. It keeps in memory no
 * more than a page of orders and the ids of those without a saga.
 *
 * @throws Error when PostgreSQL, Temporal or the orders do not answer, or once the signal is aborted.
 */
export const createReconciliation = ({ openOrders, client, bus, log }: ReconciliationParts) => {
  let known: ReadonlySet<string> = new Set();

  const reconcile = async (signal: AbortSignal): Promise<Reconciled> => {
    const orphans = new Set<string>();
    for await (const orderIds of pages(openOrders)) {
      const found = await runningAmong(orderIds);
      for (const orderId of orderIds) {
        signal.throwIfAborted();
        if (found.has(workflowIdOf(orderId)) || (await isRunning(orderId))) continue;
        if (await hasEnded(orderId)) await openOrders.remove(orderId);
        else orphans.add(orderId);
      }
    }
    for (const orderId of orphans)
      if (!known.has(orderId)) log.warn({ orderId, code: 'saga.not_found' }, 'an open order has no saga');
    known = orphans;
    return { ordersWithoutSaga: orphans.size, sagas: await countByStatus() };
  };

  const runningAmong = (orderIds: readonly string[]): Promise<ReadonlySet<string>> =>
    soon(async () => {
      // The ids of orders have no quotes.
      const query = `${running} AND WorkflowId IN (${orderIds.map((id) => `'${workflowIdOf(id)}'`).join(', ')})`;
      const ids = new Set<string>();
      for await (const { workflowId } of client.workflow.list({ query, pageSize: most })) ids.add(workflowId);
      return ids;
    });

  /** Temporal's list is behind what it does by a moment; this is not. */
  const isRunning = async (orderId: string): Promise<boolean> => {
    try {
      const { status } = await soon(() => client.workflow.getHandle(workflowIdOf(orderId)).describe());
      return status.name === 'RUNNING' || status.name === 'PAUSED';
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return false;
      throw error;
    }
  };

  /** Also an order that was never placed is nothing to wait for. */
  const hasEnded = async (orderId: string): Promise<boolean> => {
    const order = (await bus.ask('orders', 'orderOf', { orderId })) as Readonly<{ status: string }> | null;
    return order === null || ended.includes(order.status);
  };

  /** Returns and refunds are counted with the rest: they need attention as well. */
  const countByStatus = async (): Promise<Reconciled['sagas']> => {
    const counts = await Promise.all(
      openStatuses.map(async (status) => {
        const { count } = await soon(() => client.workflow.count(`${running} AND SagaStatus = '${status}'`));
        return [status, count] as const;
      }),
    );
    return Object.fromEntries(counts) as Reconciled['sagas'];
  };

  const soon = <Result>(call: () => Promise<Result>) => client.withDeadline(Date.now() + answerWithinMs, call);

  return reconcile;
};

/** The ids of the open orders, page by page. */
async function* pages({ page }: OpenOrders): AsyncGenerator<readonly string[]> {
  for (let after: string | undefined = ''; after !== undefined;) {
    const orders = await page({ after, most, graceSeconds });
    const orderIds: readonly string[] = orders.map(({ orderId }) => orderId);
    if (orderIds.length > 0) yield orderIds;
    after = orderIds.length < most ? undefined : orderIds.at(-1);
  }
}
