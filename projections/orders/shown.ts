import type { PaymentStatus } from '../shared/payment-status.js';
import type { ShipmentStatus } from './shipment.js';

/** What an order shows of its payment. */
export type ShownPayment = Readonly<{ status: PaymentStatus; method: string }>;

/** What an order shows of its shipment. */
export type ShownShipment = Readonly<{ status: ShipmentStatus; trackingNumber: string | null }>;

/** The payment and the shipment of an order, as it shows them. */
export const shownParts = ({
  payment,
  shipment,
}: Readonly<{ payment: ShownPayment | null; shipment: ShownShipment | null }>) => ({
  payment: payment && { status: payment.status, method: payment.method },
  shipment: shipment && { status: shipment.status, trackingNumber: shipment.trackingNumber },
});
