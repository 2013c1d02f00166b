import type { RefundOutcome, SagaInput } from '../fulfilment.js';
import { askOrder, shielded } from './heed.js';
import { perform } from './perform.js';
import { changeStatus, enter, openSaga, type Saga } from './saga.js';
import type { returnSteps } from './steps.js';
import type { Call } from './calls.js';

/** Takes back what was delivered: its stock, and the money for it. Every step is tried until it is done. */
export async function orderReturn(input: SagaInput): Promise<RefundOutcome> {
  const saga = openSaga(input);
  return shielded(saga, () => takeBack(saga));
}

const takeBack = async (saga: Saga): Promise<RefundOutcome> => {
  const { status, lines } = await askOrder(saga);
  if (status !== 'DELIVERED' && status !== 'RETURNED') {
    changeStatus(saga, 'nothing_to_do');
    return { outcome: 'nothing_to_do' };
  }
  await done(saga, 'take back shipment', (can, cause) => can.returnShipment(cause));
  for (const { productId } of lines)
    await done(saga, 'restock', (can, cause) => can.returnStock({ cause, productId }), productId);
  await done(saga, 'refund', (can, cause) => can.refundRest(cause));
  await done(saga, 'mark returned', (can, cause) => can.markOrderReturned(cause));
  enter(saga, 'done');
  changeStatus(saga, 'fulfilled');
  return { outcome: 'refunded' };
};

const done = (saga: Saga, step: (typeof returnSteps)[number], call: Call<void>, productId?: string): Promise<void> =>
  perform(saga, { name: productId === undefined ? step : `${step} ${productId}`, manner: 'compensation' }, call);
