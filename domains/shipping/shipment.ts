import type { Decider } from '../shared/decider.js';
import { DomainError } from '../shared/errors.js';
import type { RecordDispatch, ShipmentCommand } from './commands.js';
import type { ShipmentEvent } from './events.js';

export type ShipmentStatus = 'CREATED' | 'DISPATCHING' | 'DISPATCHED' | 'DELIVERED' | 'RETURNED';

export type CreatedShipment = Readonly<{
  status: ShipmentStatus;
  orderId: string;
  userId: string;
  carrier: string | null;
  trackingNumber: string | null;
}>;

export type Shipment = Readonly<{ status: 'NONE' }> | CreatedShipment;

const decide = ({ type, data }: ShipmentCommand, shipment: Shipment): readonly ShipmentEvent[] => {
  if (type === 'CreateShipment') return shipment.status === 'NONE' ? [{ type: 'ShipmentCreated', data }] : [];
  if (shipment.status === 'NONE')
    throw new DomainError('shipment.not_found', `There is no shipment for order ${data.orderId}`);
  const { status, orderId, userId } = shipment;
  const owned = { orderId, userId };
  switch (type) {
    case 'StartDispatch':
      if (status === 'DISPATCHING' || status === 'DISPATCHED') return [];
      if (status !== 'CREATED') throw illegalTransition(type, shipment);
      return [{ type: 'DispatchStarted', data: owned }];
    case 'RecordDispatch':
      return recordDispatch(data, shipment);
    case 'UpdateTracking': {
      if (status !== 'DISPATCHED') throw illegalTransition(type, shipment);
      const { location, note, at } = data;
      return [{ type: 'TrackingUpdated', data: { ...owned, status: data.status, location, note, at } }];
    }
    case 'RecordDelivery':
      if (status === 'DELIVERED') return [];
      if (status !== 'DISPATCHED') throw illegalTransition(type, shipment);
      return [{ type: 'ShipmentDelivered', data: owned }];
    case 'RecordReturn':
      if (status === 'RETURNED') return [];
      if (status !== 'DELIVERED') throw illegalTransition(type, shipment);
      return [{ type: 'ShipmentReturned', data: { ...owned, wasDispatched: true } }];
    case 'CancelShipment':
      if (status === 'RETURNED') return [];
      if (status !== 'CREATED' && status !== 'DISPATCHING') throw illegalTransition(type, shipment);
      return [{ type: 'ShipmentReturned', data: { ...owned, wasDispatched: false } }];
  }
};

const recordDispatch = (
  { carrier, trackingNumber }: RecordDispatch['data'],
  shipment: CreatedShipment,
): ShipmentEvent[] => {
  const { status, orderId, userId } = shipment;
  const isSame = shipment.carrier === carrier && shipment.trackingNumber === trackingNumber;
  const namesNoLabel = carrier === null && trackingNumber === null;
  if (status === 'DISPATCHED' && (isSame || namesNoLabel)) return [];
  if (status !== 'DISPATCHING') throw illegalTransition('RecordDispatch', shipment);
  return [{ type: 'ShipmentDispatched', data: { orderId, userId, carrier, trackingNumber } }];
};

const evolve = (shipment: Shipment, { type, data }: ShipmentEvent): Shipment => {
  if (type === 'ShipmentCreated') {
    const { orderId, userId } = data;
    return { status: 'CREATED', orderId, userId, carrier: null, trackingNumber: null };
  }
  if (shipment.status === 'NONE') return shipment;
  switch (type) {
    case 'DispatchStarted':
      return { ...shipment, status: 'DISPATCHING' };
    case 'ShipmentDispatched': {
      const { carrier, trackingNumber } = data;
      return { ...shipment, status: 'DISPATCHED', carrier, trackingNumber };
    }
    case 'TrackingUpdated':
      return shipment;
    case 'ShipmentDelivered':
      return { ...shipment, status: 'DELIVERED' };
    case 'ShipmentReturned':
      return { ...shipment, status: 'RETURNED' };
  }
};

const illegalTransition = (command: string, { status }: CreatedShipment) =>
  new DomainError('shipment.illegal_transition', `${command} is not possible while the shipment is ${status}`);

export const shipment: Decider<Shipment, ShipmentCommand, ShipmentEvent> = {
  initial: { status: 'NONE' },
  decide,
  evolve,
};
