import type { WorkflowRead } from '../../infra/temporal/read-workflow.js';

/**
 * The saga of an order as it is shown. `attempts` and `pendingCompensations` are known to the saga's worker alone: while
 * it does not answer they are `null`, and the rest is what the saga last told Temporal.
 */
export type SagaView = Readonly<{
  workflowId: string;
  runId: string;
  type: string;
  /** Of the saga, or `terminated`, `failed` or `timed_out` where it was ended from outside. */
  status: string | null;
  step: string | null;
  attempts: number | null;
  pendingCompensations: readonly string[] | null;
  /** In Temporal's UI. */
  url: string;
}>;

/** What a saga answers to the query `progress`. */
type Progress = Readonly<{ status: string; step: string; attempts: number; pendingCompensations: readonly string[] }>;

/** Where a workflow was ended otherwise than by its own code, that is what people need to know. */
const endedFromOutside: Readonly<Record<string, string>> = {
  TERMINATED: 'terminated',
  FAILED: 'failed',
  TIMED_OUT: 'timed_out',
};

/** @param uiUrl the address of Temporal's UI. */
export const sagaView = (
  { workflowId, runId, type, execution, searchAttributes, answer }: WorkflowRead,
  uiUrl: string,
): SagaView => {
  // A saga that was begun by an older version may leave something out.
  const progress = (answer ?? {}) as Partial<Progress>;
  const told = (name: string) => (searchAttributes[name] as string | undefined) ?? null;
  return {
    workflowId,
    runId,
    type,
    status: endedFromOutside[execution] ?? progress.status ?? told('SagaStatus'),
    step: progress.step ?? told('SagaStep'),
    attempts: progress.attempts ?? null,
    pendingCompensations: progress.pendingCompensations ?? null,
    url: `${uiUrl.replace(/\/+$/, '')}/namespaces/default/workflows/${workflowId}/${runId}/history`,
  };
};
