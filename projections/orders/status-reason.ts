import type { OrderStatus } from '../shared/order-status.js';

/** What an order may be waiting for. */
export type Waiting = Readonly<{
  /** Payment methods that were offered after the first. */
  offeredMethods: number;
  /** The latest attempt that was declined; 0 before there was one. The attempt after n offered methods is n + 1. */
  declinedAttempt: number;
  /** A cancel was accepted that is yet to be carried out. */
  isCancelling: boolean;
  /** A step was given up, and nobody has said yet what is to be done. */
  needsAttention: boolean;
}>;

/** An order that waits for nothing. */
export const waitingForNothing: Waiting = {
  offeredMethods: 0,
  declinedAttempt: 0,
  isCancelling: false,
  needsAttention: false,
};

/** Why an order is still where it is. A cancel is told before all else, since it is what the customer asked for. */
export const statusReasonOf = (
  status: OrderStatus,
  { offeredMethods, declinedAttempt, isCancelling, needsAttention }: Waiting,
): string | null => {
  if (isCancelling) return 'cancelling';
  if (needsAttention) return 'needs_attention';
  return status === 'PENDING' && declinedAttempt > offeredMethods ? 'payment_declined' : null;
};
