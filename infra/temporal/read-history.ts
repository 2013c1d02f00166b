import { status } from '@grpc/grpc-js';
import { isGrpcServiceError } from '@temporalio/client';
import type { Temporal } from './connection.js';
import type { HistoryEvent } from './history-event.js';
import { stepsOf, type HistoryStep } from './history-steps.js';
import { temporalUnavailable } from './unavailable.js';

/** What a workflow has done, in its latest run. */
export type WorkflowHistory = Readonly<{
  workflowId: string;
  runId: string;
  steps: readonly HistoryStep[];
  /** Whether that is all: of a long history only the beginning is read. */
  isWhole: boolean;
}>;

/** A saga that waits for people for months has some hundreds. */
const mostEvents = 2_000;
const eventsAtOnce = 500;

/** Whoever reads a history has to hear soon also that Temporal is away. */
const readWithinMs = 2_000;

/**
 * The history of the latest run of a workflow; `null` where Temporal knows no such workflow, or none any more.
 *
 * @throws DomainError `service.unavailable` when Temporal does not answer within 2 s.
 */
export const readHistory = async (
  { client }: Pick<Temporal, 'client'>,
  workflowId: string,
): Promise<WorkflowHistory | null> => {
  try {
    return await client.withDeadline(Date.now() + readWithinMs, () => pagesOf(client, workflowId));
  } catch (error) {
    if (!isGrpcServiceError(error)) throw error;
    if (error.code === status.NOT_FOUND) return null;
    throw temporalUnavailable(error);
  }
};

const pagesOf = async (client: Temporal['client'], workflowId: string): Promise<WorkflowHistory> => {
  const events: HistoryEvent[] = [];
  let nextPageToken: Uint8Array = new Uint8Array();
  do {
    const page = await client.workflowService.getWorkflowExecutionHistory({
      ...{ namespace: 'default', execution: { workflowId, runId: runOf(events) } },
      ...{ maximumPageSize: eventsAtOnce, nextPageToken },
    });
    events.push(...(page.history?.events ?? []));
    nextPageToken = page.nextPageToken;
  } while (nextPageToken.length > 0 && events.length < mostEvents);
  return { workflowId, runId: runOf(events), steps: stepsOf(events), isWhole: nextPageToken.length === 0 };
};

/** Temporal takes an empty one for the latest. */
const runOf = ([first]: readonly HistoryEvent[]): string =>
  first?.workflowExecutionStartedEventAttributes?.originalExecutionRunId ?? '';
