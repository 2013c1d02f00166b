import { Map } from 'immutable';
import type { Decider } from '../shared/decider.js';
import { DomainError } from '../shared/errors.js';
import { mostPieces, type ReservationOutcome, type ReserveStock, type StockCommand } from './commands.js';
import type { RefusalReason, StockEvent } from './events.js';

type Reservation =
  | Readonly<{ status: 'open' | 'released' | 'committed' | 'returned'; quantity: number }>
  | Readonly<{ status: 'refused'; reason: RefusalReason }>;

/**
 * A product's stock. `reservations` keeps the closed ones too, so that a late reserve finds that it is too
 * late: a persistent map, since there come to be many.
 */
export type Stock = Readonly<{
  onHand: number;
  reserved: number;
  reservations: Map<string, Reservation>;
}>;

const decide = ({ type, data }: StockCommand, stock: Stock): readonly StockEvent[] => {
  const { productId } = data;
  switch (type) {
    case 'ReceiveStock':
      if (stock.onHand + data.quantity > mostPieces) throw tooLarge();
      return [{ type: 'StockReceived', data }];
    case 'AdjustStock':
      if (data.delta === 0) return [];
      if (stock.onHand + data.delta > mostPieces) throw tooLarge();
      if (available(stock) + data.delta < 0)
        throw new DomainError('stock.out_of_stock', `Only ${available(stock)} of ${productId} are available`);
      return [{ type: 'StockAdjusted', data }];
    case 'ReserveStock': {
      const { orderId, quantity } = data;
      const reservation = reservationOf(stock, orderId);
      if (reservation) return reservedAgain(data, reservation);
      if (available(stock) < quantity)
        return [{ type: 'ReservationRefused', data: { productId, orderId, reason: 'out_of_stock' } }];
      return [{ type: 'StockReserved', data }];
    }
    case 'ReleaseReservation': {
      const { orderId } = data;
      const reservation = reservationOf(stock, orderId);
      if (!reservation) return [{ type: 'ReservationRefused', data: { productId, orderId, reason: 'released' } }];
      if (hasTaken(reservation)) throw closed(orderId);
      if (reservation.status !== 'open') return [];
      return [{ type: 'ReservationReleased', data: { productId, orderId, quantity: reservation.quantity } }];
    }
    case 'CommitReservation': {
      const { orderId } = data;
      const reservation = reservationOf(stock, orderId);
      if (reservation?.status === 'committed') return [];
      if (reservation?.status !== 'open')
        throw new DomainError('stock.not_reserved', `Order ${orderId} has no open reservation`);
      return [{ type: 'ReservationCommitted', data: { productId, orderId, quantity: reservation.quantity } }];
    }
    case 'ReturnStock': {
      const { orderId } = data;
      const reservation = reservationOf(stock, orderId);
      if (reservation?.status === 'returned') return [];
      if (reservation?.status !== 'committed')
        throw new DomainError('stock.not_committed', `Order ${orderId} took nothing of ${productId}`);
      const { quantity } = reservation;
      if (stock.onHand + quantity > mostPieces) throw tooLarge();
      return [{ type: 'StockReturned', data: { productId, orderId, quantity } }];
    }
  }
};

/** The same reservation again is a repeat, also of one that was refused; one that is over does not come back. */
const reservedAgain = ({ orderId, quantity }: ReserveStock['data'], reservation: Reservation): [] => {
  if (reservation.status === 'refused') return [];
  if (reservation.status === 'released' || reservation.status === 'returned') throw closed(orderId);
  if (reservation.quantity !== quantity)
    throw new DomainError('stock.already_reserved', `Order ${orderId} has a reservation of ${reservation.quantity}`);
  return [];
};

const hasTaken = ({ status }: Reservation) => status === 'committed' || status === 'returned';

const evolve = (stock: Stock, { type, data }: StockEvent): Stock => {
  switch (type) {
    case 'StockReceived':
      return { ...stock, onHand: stock.onHand + data.quantity };
    case 'StockAdjusted':
      return { ...stock, onHand: stock.onHand + data.delta };
    case 'StockReserved':
      return {
        ...noting(stock, data.orderId, { status: 'open', quantity: data.quantity }),
        reserved: stock.reserved + data.quantity,
      };
    case 'ReservationRefused':
      return noting(stock, data.orderId, { status: 'refused', reason: data.reason });
    case 'ReservationReleased':
      return {
        ...noting(stock, data.orderId, { status: 'released', quantity: data.quantity }),
        reserved: stock.reserved - data.quantity,
      };
    case 'ReservationCommitted':
      return {
        ...noting(stock, data.orderId, { status: 'committed', quantity: data.quantity }),
        onHand: stock.onHand - data.quantity,
        reserved: stock.reserved - data.quantity,
      };
    case 'StockReturned':
      return {
        ...noting(stock, data.orderId, { status: 'returned', quantity: data.quantity }),
        onHand: stock.onHand + data.quantity,
      };
  }
};

/** What an order's reservation came to; the answer to `ReserveStock`. */
export const reservationOutcome = (stock: Stock, orderId: string): ReservationOutcome => {
  const reservation = reservationOf(stock, orderId);
  return reservation?.status === 'refused' ? { reserved: false, reason: reservation.reason } : { reserved: true };
};

/** A stock of what `JSON.parse` makes of one that was kept as JSON. */
export const restoreStock = (json: unknown): Stock => {
  const { onHand, reserved, reservations } = json as StockJson;
  return { onHand, reserved, reservations: Map(reservations) };
};

type StockJson = Omit<Stock, 'reservations'> & Readonly<{ reservations: Readonly<Record<string, Reservation>> }>;

const available = ({ onHand, reserved }: Stock) => onHand - reserved;

const reservationOf = ({ reservations }: Stock, orderId: string) => reservations.get(keyOf(orderId));

/** As JSON, a map leaves out keys such as `constructor`; with more before it an order's id is never one of them. */
const keyOf = (orderId: string) => `order-${orderId}`;

const noting = (stock: Stock, orderId: string, reservation: Reservation): Stock => ({
  ...stock,
  reservations: stock.reservations.set(keyOf(orderId), reservation),
});

const tooLarge = () => new DomainError('stock.too_large', `At most ${mostPieces} pieces can be on hand`);
const closed = (orderId: string) =>
  new DomainError('stock.reservation_closed', `The reservation of order ${orderId} is closed`);

export const stock: Decider<Stock, StockCommand, StockEvent> = {
  initial: { onHand: 0, reserved: 0, reservations: Map() },
  decide,
  evolve,
};
