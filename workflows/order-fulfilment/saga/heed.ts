import { CancellationScope } from '@temporalio/workflow';
import type { Fulfilment } from '../fulfilment.js';
import { patiently, type Saga } from './saga.js';
import { TurnedBack } from './turned-back.js';

/** What the saga is told of when its workflow, not its order, is cancelled. */
const workflowCancelled = 'WorkflowCancelled';

/** What says that a step may go better now, and nothing that would have to be asked. */
const onlyNudges: readonly string[] = ['ProviderNoticeRecorded', 'SagaRetryRequested', 'TrackingUpdated'];

/**
 * Looks at what the saga was told, gives it, and goes on unless it is to go back. Called where it may be left: between
 * steps, and between the tries of one.
 *
 * @throws TurnedBack
 */
export const heed = async (saga: Saga): Promise<readonly string[]> => {
  const told = await takeNews(saga);
  if (!told.every((type) => onlyNudges.includes(type))) turnBackIfAsked(await askOrder(saga));
  return told;
};

/** The order as it is now, where it is not to be undone. @throws TurnedBack */
export const orderNow = async (saga: Saga): Promise<Fulfilment> => {
  await takeNews(saga);
  const order = await askOrder(saga);
  turnBackIfAsked(order);
  return order;
};

const takeNews = async (saga: Saga): Promise<readonly string[]> => {
  const told = saga.news.take();
  if (told.includes(workflowCancelled))
    await patiently(saga, 'abort the order', (can, cause) => can.requestAbort(cause));
  return told;
};

/** The order as its stream tells it now. */
export const askOrder = (saga: Saga): Promise<Fulfilment> =>
  patiently(saga, 'ask the order', (can, cause) => can.fulfilmentOf(cause));

/**
 * What has left the house is not undone. An order that has ended is: it may be that this saga ended it, in a workflow task
 * that is being done again.
 *
 * @throws TurnedBack
 */
const turnBackIfAsked = ({ status, cancelling, abortRequested, skipRequested }: Fulfilment): void => {
  if (status === 'REJECTED' || status === 'CANCELLED') throw new TurnedBack('order_ended');
  if (status !== 'PENDING' && status !== 'PAID') return;
  if (cancelling) throw new TurnedBack('order_cancelled');
  if (abortRequested) throw new TurnedBack('saga_aborted');
  // What was to be skipped may be done before that was heard of.
  if (skipRequested && status === 'PENDING') throw new TurnedBack('saga_skipped');
};

/**
 * Runs a saga so that no cancel of its workflow breaks it off: one is a request like that of staff, which it heeds where
 * it may be left.
 */
export const shielded = <Result>(saga: Saga, run: () => Promise<Result>): Promise<Result> => {
  CancellationScope.current().cancelRequested.catch(() => saga.news.tell(workflowCancelled));
  return CancellationScope.nonCancellable(run);
};
