import type { ReservationOutcome, StockCommand } from '../../domains/inventory/commands.js';
import { isDomainError } from '../../domains/shared/errors.js';
import type { SendCommand } from './command-sender.js';
import type { Cause } from './fulfilment.js';
import { keyOf, type KeyedStep } from './idempotency-keys.js';
import { insisting, refusal, turningBack } from './refusals.js';

type OfLine = Readonly<{ cause: Cause; productId: string }>;

export const createStockActivities = (send: SendCommand) => {
  const reserveStock = async ({ cause, productId, quantity }: OfLine & Readonly<{ quantity: number }>) => {
    const data = { productId, orderId: cause.orderId, quantity };
    const outcome = (await tell(cause, { type: 'ReserveStock', data }, 'reserve')) as ReservationOutcome;
    if (!outcome.reserved) throw refusal(outcome.reason, `Product ${productId} could not be reserved`);
  };

  /** The undo of reserve. A reservation that was committed, also by a commit that nobody heard of, is taken back. */
  const releaseStock = async ({ cause, productId }: OfLine) => {
    try {
      await tell(cause, { type: 'ReleaseReservation', data: { productId, orderId: cause.orderId } }, 'release');
    } catch (error) {
      if (!isDomainError(error) || error.code !== 'stock.reservation_closed') throw error;
      await returnStock({ cause, productId });
    }
  };

  const commitStock = async ({ cause, productId }: OfLine) => {
    await tell(cause, { type: 'CommitReservation', data: { productId, orderId: cause.orderId } }, 'commit');
  };

  const returnStock = async ({ cause, productId }: OfLine) => {
    await tell(cause, { type: 'ReturnStock', data: { productId, orderId: cause.orderId } }, 'return');
  };

  const tell = (cause: Cause, command: StockCommand, step: KeyedStep) =>
    send(cause, 'inventory', command, keyOf(cause.workflowId, step, 1, command.data.productId));

  return {
    reserveStock: turningBack(reserveStock),
    releaseStock: insisting(releaseStock),
    commitStock: insisting(commitStock),
    returnStock: insisting(returnStock),
  };
};
