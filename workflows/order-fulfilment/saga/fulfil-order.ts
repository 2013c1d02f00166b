import type { Fulfilment, FulfilmentInput, Outcome } from '../fulfilment.js';
import { inOrderOfProducts, undoEverything, undoReserve } from './compensations.js';
import { deliver } from './deliver.js';
import { heed, shielded } from './heed.js';
import { pay } from './pay.js';
import { perform } from './perform.js';
import { changeStatus, durably, enter, openSaga, patiently, type Saga } from './saga.js';
import { stepOf } from './steps.js';
import { Refused, TurnedBack } from './turned-back.js';

/**
 * Fulfils an order, from the reservation of its stock to its delivery. Until it is paid, what fails undoes what was done
 * and ends the order; once it is paid, the saga goes on until it is done, unless the order is cancelled.
 */
export async function orderFulfilment({ order, ...input }: FulfilmentInput): Promise<Outcome> {
  const saga = openSaga(input);
  return shielded(saga, () => fulfil(saga, order));
}

const fulfil = async (saga: Saga, order: Fulfilment): Promise<Outcome> => {
  try {
    await reserve(saga, order);
    await pay(saga, order);
    await deliver(saga, order);
  } catch (turned) {
    if (!(turned instanceof TurnedBack)) throw turned;
    return goBack(saga, turned);
  }
  enter(saga, 'done');
  changeStatus(saga, 'fulfilled');
  return { outcome: 'fulfilled' };
};

const reserve = async (saga: Saga, { lines }: Fulfilment) => {
  for (const { productId, quantity } of inOrderOfProducts(lines)) {
    await heed(saga);
    saga.compensations.push(undoReserve(productId));
    await perform(saga, stepOf('reserve', productId), (can, cause) => can.reserveStock({ cause, productId, quantity }));
  }
};

/**
 * From here on the saga goes back whatever else it is told, also where this task is done again. An order that was paid
 * unheard is given up first: otherwise it could be sent while it is undone.
 */
const everythingToUndo = async (saga: Saga) => {
  const order = await durably(saga, 'ask the order', (can, cause) => can.fulfilmentOf(cause));
  const { status, cancelling, abortRequested } = order;
  if (status === 'PAID' && !cancelling && !abortRequested)
    await patiently(saga, 'abort the order', (can, cause) => can.requestAbort(cause));
  return undoEverything(order);
};

/** Undoes in reverse what was begun, each until it is done, and ends the order then. */
const goBack = async (saga: Saga, turned: TurnedBack): Promise<Outcome> => {
  const { compensations } = saga;
  changeStatus(saga, 'compensating');
  if (!(turned instanceof Refused)) compensations.splice(0, compensations.length, ...(await everythingToUndo(saga)));
  for (let last = compensations.at(-1); last; last = compensations.at(-1)) {
    await perform(saga, { name: last.step, manner: 'compensation' }, last.undo);
    compensations.pop();
  }
  const closing = { name: 'end the order', manner: 'compensation' } as const;
  const { status, rejectionReason: reason } = await perform(saga, closing, (can, cause) =>
    can.closeOrder({ cause, reason: turned.reason }),
  );
  enter(saga, 'done');
  const isCancelled = status === 'CANCELLED';
  changeStatus(saga, isCancelled ? 'cancelled' : 'rejected');
  return isCancelled ? { outcome: 'cancelled' } : { outcome: 'rejected', reason };
};
