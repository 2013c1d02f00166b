import type { Fulfilment } from '../fulfilment.js';
import { undoAuthorise, undoCapture } from './compensations.js';
import { heed, orderNow } from './heed.js';
import { perform } from './perform.js';
import { changeStatus, enter, type Saga } from './saga.js';
import { orderWaits, stepOf } from './steps.js';
import { Refused } from './turned-back.js';

/** Takes the payment and marks the order paid, which is the pivot. @throws TurnedBack */
export const pay = async (saga: Saga, order: Fulfilment): Promise<void> => {
  const { total: amount } = order;
  await heed(saga);
  const attempt = await authorise(saga, order);

  // No money is taken for an order that was cancelled, also where its news has not come yet.
  await orderNow(saga);
  saga.compensations.push(undoCapture({ amount }));
  const { paymentId } = await perform(saga, stepOf('capture'), (can, cause) =>
    can.capturePayment({ cause, attempt, amount }),
  );
  await heed(saga);

  await perform(saga, stepOf('mark paid'), (can, cause) => can.markOrderPaid({ cause, paymentId }));
};

/** Tries one method after the other, as they are offered; gives the number of the attempt that the bank agreed to. */
const authorise = async (saga: Saga, order: Fulfilment): Promise<number> => {
  const { userId, total: amount } = order;
  for (let attempt = 1; ; attempt += 1) {
    const method = methodOf(order, attempt) ?? (await anotherMethod(saga, attempt));
    saga.compensations.push(undoAuthorise({ attempt, amount }));
    const answer = await perform(saga, stepOf('authorise'), (can, cause) =>
      can.authorisePayment({ cause, userId, attempt, amount, method }),
    );
    if (answer.outcome === 'authorised') return attempt;
    saga.compensations.pop();
    await heed(saga);
  }
};

/**
 * Waits for the method of an attempt while it may still come. The order is rejected before anything is undone: a method
 * that was offered in the same moment keeps it from that.
 *
 * @throws TurnedBack
 */
const anotherMethod = async (saga: Saga, attempt: number): Promise<string> => {
  const deadline = Date.now() + saga.timing.paymentRetryWindowMs;
  enter(saga, `wait for ${orderWaits.payment}`);
  for (;;) {
    const order = await orderNow(saga);
    const method = methodOf(order, attempt);
    if (method !== undefined) {
      changeStatus(saga, 'running');
      return method;
    }
    const left = deadline - Date.now();
    if (left <= 0) {
      if (await reject(saga, attempt - 1)) throw new Refused('payment_declined');
      continue;
    }
    changeStatus(saga, 'waiting_for_payment');
    await saga.news.wait(left);
  }
};

/**
 * Says whether the order is rejected now; otherwise it tells what is to be done instead. Nobody waits for a method any
 * more, so that one whose rejection fails for long needs somebody.
 *
 * @throws TurnedBack
 */
const reject = (saga: Saga, attempt: number): Promise<boolean> =>
  perform(saga, { name: 'reject the order', manner: 'retriable' }, (can, cause) =>
    can.rejectDeclined({ cause, attempt }),
  );

const methodOf = ({ paymentMethod, offeredMethods }: Fulfilment, attempt: number) =>
  attempt === 1 ? paymentMethod : offeredMethods[attempt - 2];
