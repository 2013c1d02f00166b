import type { ShipmentEvent } from '../../domains/shipping/events.js';

/** Where a shipment stands, in the words of shipping. */
export type ShipmentStatus = 'CREATED' | 'DISPATCHING' | 'DISPATCHED' | 'DELIVERED' | 'RETURNED';

/** The goods of an order on their way, with what was told of it, in that order. Where they go to is not kept. */
export type Shipment = Readonly<{
  status: ShipmentStatus;
  carrier: string | null;
  trackingNumber: string | null;
  tracking: readonly Readonly<{ at: string; status: string; location: string | null; note: string | null }>[];
}>;

/** The shipment after an event; the same one where the event changes nothing. */
export const shipmentAfter = ({ type, data }: ShipmentEvent, shipment: Shipment | null): Shipment | null => {
  if (type === 'ShipmentCreated') return { status: 'CREATED', carrier: null, trackingNumber: null, tracking: [] };
  if (shipment === null) return null;
  switch (type) {
    case 'DispatchStarted':
      return { ...shipment, status: 'DISPATCHING' };
    case 'ShipmentDispatched': {
      const { carrier, trackingNumber } = data;
      return { ...shipment, status: 'DISPATCHED', carrier, trackingNumber };
    }
    case 'TrackingUpdated': {
      const { at, status, location, note } = data;
      return { ...shipment, tracking: [...shipment.tracking, { at, status, location, note }] };
    }
    case 'ShipmentDelivered':
      return { ...shipment, status: 'DELIVERED' };
    case 'ShipmentReturned':
      return { ...shipment, status: 'RETURNED' };
  }
};
