import type { RefundInput, RefundOutcome } from '../fulfilment.js';
import { shielded } from './heed.js';
import { perform } from './perform.js';
import { changeStatus, enter, openSaga, type Saga } from './saga.js';

/** Has a refund made that staff asked for. */
export async function paymentRefund({ refundId, ...input }: RefundInput): Promise<RefundOutcome> {
  const saga = openSaga(input);
  return shielded(saga, () => refund(saga, refundId));
}

const refund = async (saga: Saga, refundId: string): Promise<RefundOutcome> => {
  const step = { name: 'refund', manner: 'compensation' } as const;
  const outcome = await perform(saga, step, (can, cause) => can.settleRefund({ cause, refundId }));
  enter(saga, 'done');
  changeStatus(saga, outcome === null ? 'nothing_to_do' : outcome === 'refunded' ? 'fulfilled' : 'rejected');
  return { outcome: outcome ?? 'nothing_to_do' };
};
