import { setTimeout as pause } from 'node:timers/promises';

/** An order that was placed less than so long ago is not looked for. */
const graceMs = 60_000;

/** It compares every minute. */
const longestMs = graceMs + 120_000;

/** Waits until the worker has compared all orders with their sagas, and gives what is wrong. */
export const whenSagasAreCounted = async (workflowsUrl: string): Promise<readonly string[]> => {
  const lastPlaced = Date.now();
  while (Date.now() < lastPlaced + longestMs) {
    const metrics = await (await fetch(`${workflowsUrl}/metrics`)).text();
    const comparedAt = valueOf(metrics, 'evermart_reconciliation_timestamp_seconds') * 1_000;
    if (comparedAt > lastPlaced + graceMs) {
      const orphans = valueOf(metrics, 'evermart_orders_without_saga');
      return orphans === 0 ? [] : [`${orphans} open orders have no saga`];
    }
    await pause(1_000);
  }
  return ['the worker has not compared orders and sagas for minutes'];
};

const valueOf = (metrics: string, name: string): number =>
  Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(metrics)?.[1] ?? Number.NaN);
