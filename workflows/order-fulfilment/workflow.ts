import {
  ActivityCancellationType,
  CancellationScope,
  defineQuery,
  proxyActivities,
  setCurrentDetails,
  setHandler,
} from '@temporalio/workflow';
import type { Activities } from './activities.js';
import type { Fulfilment, Origin, Outcome, Progress } from './fulfilment.js';
import { rejectionReasonOf } from './rejection-reason.js';

const activities = proxyActivities<Activities>({
  startToCloseTimeout: '30s',
  retry: { initialInterval: '200ms', backoffCoefficient: 2, maximumInterval: '10s' },
  // A step that is still running must have ended before it is undone.
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
});

/** Where the saga is. */
export const progressQuery = defineQuery<Progress>('progress');

/** The first method that was chosen; another one is another attempt. */
const attempt = 1;

type Compensation = Readonly<{ name: string; undo: () => Promise<void> }>;
type Saga = {
  step: string;
  /** In the order in which they were registered: the last one is run first. */
  readonly compensations: Compensation[];
};

/**
 * Fulfils an order: reserves its stock, takes its payment, marks it paid, commits the stock. Until it is paid, a refusal
 * undoes what was done and rejects the order; once it is paid, the saga goes on until it is done.
 */
export async function orderFulfilment(origin: Origin): Promise<Outcome> {
  const saga: Saga = { step: 'begin', compensations: [] };
  setHandler(progressQuery, () => ({
    step: saga.step,
    pendingCompensations: saga.compensations.map(({ name }) => name).reverse(),
  }));

  const fulfilment = await CancellationScope.nonCancellable(() => activities.fulfilmentOf(origin));
  if (fulfilment.status !== 'PENDING') return { outcome: 'nothing_to_do', status: fulfilment.status };
  const order = { ...fulfilment, lines: [...fulfilment.lines].sort(byProductId) };
  try {
    await reserve(saga, origin, order);
    await pay(saga, origin, order);
  } catch (failure) {
    const reason = rejectionReasonOf(failure);
    if (reason === undefined) throw failure;
    await CancellationScope.nonCancellable(() => goBack(saga, origin, reason));
    return { outcome: 'rejected', reason };
  }
  await CancellationScope.nonCancellable(() => commit(saga, origin, order));
  enter(saga, 'done');
  return { outcome: 'paid' };
}

const reserve = async (saga: Saga, origin: Origin, { lines }: Fulfilment) => {
  for (const { productId, quantity } of lines) {
    enter(saga, `reserve ${productId}`);
    undoWith(saga, `release ${productId}`, () => activities.releaseStock({ origin, productId }));
    await activities.reserveStock({ origin, productId, quantity });
  }
};

const pay = async (saga: Saga, origin: Origin, { userId, total: amount, paymentMethod: method }: Fulfilment) => {
  enter(saga, 'authorise');
  undoWith(saga, 'void', () => activities.voidPayment({ origin, attempt }));
  await activities.authorisePayment({ origin, userId, attempt, amount, method });

  enter(saga, 'capture');
  undoWith(saga, 'refund', () => activities.refundPayment({ origin, attempt, amount }));
  const { paymentId } = await activities.capturePayment({ origin, attempt, amount });

  // The pivot: once it may have been sent, a cancelled run must learn what came of it.
  enter(saga, 'mark paid');
  await CancellationScope.nonCancellable(() => activities.markOrderPaid({ origin, paymentId }));
  saga.compensations.length = 0;
};

const commit = async (saga: Saga, origin: Origin, { lines }: Fulfilment) => {
  for (const { productId } of lines) {
    enter(saga, `commit ${productId}`);
    await activities.commitStock({ origin, productId });
  }
};

const goBack = async (saga: Saga, origin: Origin, reason: string) => {
  for (let last = saga.compensations.at(-1); last; last = saga.compensations.at(-1)) {
    enter(saga, last.name);
    await last.undo();
    saga.compensations.pop();
  }
  enter(saga, `reject: ${reason}`);
  await activities.rejectOrder({ origin, reason });
};

/** Registered before its step, since the step may have taken effect when it fails. */
const undoWith = ({ compensations }: Saga, name: string, undo: Compensation['undo']) => {
  compensations.push({ name, undo });
};

const enter = (saga: Saga, step: string) => {
  saga.step = step;
  setCurrentDetails(step);
};

/** The same order in every saga, so that two of them meet at the same product first. */
const byProductId = (a: Readonly<{ productId: string }>, b: Readonly<{ productId: string }>) =>
  a.productId < b.productId ? -1 : 1;
