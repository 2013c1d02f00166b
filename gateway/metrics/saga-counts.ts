/** How many sagas have not ended, by their status. */
export type SagaCounts = Readonly<Record<string, number>>;

/**
 * The counts of sagas as the workflows tell them at `/metrics`: Temporal's own figures, which the reconciliation takes.
 *
 * @throws Error where the workflows do not answer.
 */
export const readSagaCounts = (workflowsUrl: string): (() => Promise<SagaCounts>) => {
  const address = new URL('/metrics', workflowsUrl);
  return async () => {
    const response = await fetch(address, { signal: AbortSignal.timeout(waitMs), redirect: 'error' });
    if (!response.ok) throw new Error('The workflows told no metrics');
    return sagaCountsIn(await response.text());
  };
};

const waitMs = 3_000;

/** The samples of `evermart_sagas` (https://prometheus.io/docs/instrumenting/exposition_formats/). */
export const sagaCountsIn = (metrics: string): SagaCounts =>
  Object.fromEntries(
    [...metrics.matchAll(/^evermart_sagas\{status="(\w+)"\} (\d+)$/gm)].map(([, status = '', count]) => [
      status,
      Number(count),
    ]),
  );
