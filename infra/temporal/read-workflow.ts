import { QueryNotRegisteredError, ServiceError, WorkflowNotFoundError, type WorkflowHandle } from '@temporalio/client';
import type { Temporal } from './connection.js';
import { temporalUnavailable } from './unavailable.js';

/** A workflow as Temporal tells of it. */
export type WorkflowRead = Readonly<{
  workflowId: string;
  runId: string;
  type: string;
  /** Temporal's name for where its latest run stands, such as `RUNNING` or `TERMINATED`. */
  execution: string;
  /** By their names. */
  searchAttributes: Readonly<Record<string, unknown>>;
  /** What the workflow answered; `undefined` where no worker answers now. */
  answer: unknown;
}>;

/** Whoever reads a workflow has to hear soon also that Temporal is away. */
const describedWithinMs = 1_200;
const answeredWithinMs = 1_500;

/**
 * The latest run of a workflow, and what it answers to a query; `null` where Temporal knows no such workflow, or none
 * any more.
 *
 * @throws DomainError `service.unavailable` when Temporal does not answer within 1.2 s.
 */
export const readWorkflow = async (
  { client }: Pick<Temporal, 'client'>,
  workflowId: string,
  query: string,
): Promise<WorkflowRead | null> => {
  const described = await describe(client, workflowId);
  if (!described) return null;
  const { runId, type, status, typedSearchAttributes } = described;
  const answer = await answerOf(client, client.workflow.getHandle(workflowId, runId), query);
  const pairs = typedSearchAttributes.getAll().map(({ key, value }) => [key.name, value] as const);
  return { workflowId, runId, type, execution: status.name, searchAttributes: Object.fromEntries(pairs), answer };
};

type Client = Temporal['client'];

const describe = async (client: Client, workflowId: string) => {
  try {
    return await client.withDeadline(Date.now() + describedWithinMs, () =>
      client.workflow.getHandle(workflowId).describe(),
    );
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return null;
    if (!(error instanceof ServiceError)) throw error;
    throw temporalUnavailable(error);
  }
};

const answerOf = async (client: Client, handle: WorkflowHandle, query: string): Promise<unknown> => {
  try {
    return await client.withDeadline(Date.now() + answeredWithinMs, () => handle.query<unknown>(query));
  } catch (error) {
    // Temporal has just described the workflow: it is its worker that is away, slow, or of a version without the query.
    if (error instanceof ServiceError || error instanceof QueryNotRegisteredError) return undefined;
    throw error;
  }
};
