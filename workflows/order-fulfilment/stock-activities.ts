import type {
  CommitReservation,
  ReleaseReservation,
  ReservationOutcome,
  ReserveStock,
} from '../../domains/inventory/commands.js';
import type { SendCommand } from './command-sender.js';
import type { Origin } from './fulfilment.js';
import { keyOf } from './idempotency-keys.js';
import { insisting, refusal, turningBack } from './refusals.js';

type OfLine = Readonly<{ origin: Origin; productId: string }>;

export const createStockActivities = (send: SendCommand) => {
  const reserveStock = async ({ origin, productId, quantity }: OfLine & Readonly<{ quantity: number }>) => {
    const { orderId } = origin;
    const command: ReserveStock = { type: 'ReserveStock', data: { productId, orderId, quantity } };
    const answer = await send(origin, 'inventory', command, keyOf(orderId, 'reserve', 1, productId));
    const outcome = answer as ReservationOutcome;
    if (!outcome.reserved) throw refusal(outcome.reason, `Product ${productId} could not be reserved`);
  };

  const releaseStock = async ({ origin, productId }: OfLine) => {
    const { orderId } = origin;
    const command: ReleaseReservation = { type: 'ReleaseReservation', data: { productId, orderId } };
    await send(origin, 'inventory', command, keyOf(orderId, 'release', 1, productId));
  };

  const commitStock = async ({ origin, productId }: OfLine) => {
    const { orderId } = origin;
    const command: CommitReservation = { type: 'CommitReservation', data: { productId, orderId } };
    await send(origin, 'inventory', command, keyOf(orderId, 'commit', 1, productId));
  };

  return {
    reserveStock: turningBack(reserveStock),
    releaseStock: insisting(releaseStock),
    commitStock: insisting(commitStock),
  };
};
