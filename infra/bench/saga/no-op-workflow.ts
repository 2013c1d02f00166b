import { proxyActivities, proxyLocalActivities } from '@temporalio/workflow';

/** How activities are run: as the server does unless it is asked otherwise, by a poll each, or within workflow tasks. */
export type Kind = 'ordinary' | 'polled' | 'local';

export type NoOpActivities = Readonly<{ nothing: (input: NoOpInput) => Promise<void> }>;
export type NoOpInput = Readonly<{ workflowId: string; isLast: boolean }>;

const startToCloseTimeout = '10s';
const of: Readonly<Record<Kind, NoOpActivities>> = {
  ordinary: proxyActivities<NoOpActivities>({ startToCloseTimeout }),
  polled: proxyActivities<NoOpActivities>({ startToCloseTimeout, allowEagerDispatch: false }),
  local: proxyLocalActivities<NoOpActivities>({ startToCloseTimeout }),
};

/** Activities one after another that do nothing. */
export async function noOp(workflowId: string, kind: Kind, activities: number): Promise<void> {
  for (let left = activities; left > 0; left -= 1) await of[kind].nothing({ workflowId, isLast: left === 1 });
}
