import { DomainError } from '../shared/errors.js';
import type { Aggregate, CommandDefinition, QuestionDefinition, Service, Step } from '../shared/service.js';
import {
  parseRecordDispatch,
  parseShipment,
  parseUpdateTracking,
  type CreateShipment,
  type RecordDispatch,
  type ShipmentCommand,
  type UpdateTracking,
} from './commands.js';
import { shipmentEvents, type ShipmentEvent } from './events.js';
import { shipment, type Shipment } from './shipment.js';
import { shipmentUpcasters } from './upcasters.js';

const shipmentAggregate: Aggregate<Shipment, ShipmentCommand, ShipmentEvent> = {
  category: 'shipment',
  decider: shipment,
  events: shipmentEvents,
  upcasters: shipmentUpcasters,
};

type OfOrder = Readonly<{ orderId: string }>;

const shipmentStep = (command: ShipmentCommand): Step => ({
  aggregate: shipmentAggregate,
  id: command.data.orderId,
  command,
});

/** What goes where is asked of the order, so that whoever sends this carries no address. */
const createShipment: CommandDefinition<OfOrder> = {
  parse: parseShipment,
  asks: (data) => ({ delivery: { context: 'orders', question: 'deliveryOf', data } }),
  steps: ({ orderId }, { delivery }) => {
    if (!delivery) throw new DomainError('order.not_found', `There is no order ${orderId} that is to be delivered`);
    const { userId, lines, address } = delivery as Omit<CreateShipment['data'], 'orderId'>;
    return [shipmentStep({ type: 'CreateShipment', data: { orderId, userId, lines, address } })];
  },
};

const recordDispatch: CommandDefinition<RecordDispatch['data']> = {
  parse: parseRecordDispatch,
  steps: (data) => [shipmentStep({ type: 'RecordDispatch', data })],
};

const updateTracking: CommandDefinition<Omit<UpdateTracking['data'], 'at'>> = {
  parse: parseUpdateTracking,
  steps: (data, _answers, { at }) => [shipmentStep({ type: 'UpdateTracking', data: { ...data, at } })],
};

const toShipment = (
  type: 'StartDispatch' | 'RecordDelivery' | 'RecordReturn' | 'CancelShipment',
): CommandDefinition<OfOrder> => ({
  parse: parseShipment,
  steps: (data) => [shipmentStep({ type, data })],
});

/** Where the shipment of an order stands; `null` where there is none. */
const shipmentOf: QuestionDefinition<OfOrder> = {
  parse: parseShipment,
  reads: ({ orderId }) => [{ aggregate: shipmentAggregate, id: orderId }],
  answer: ([found]: readonly Shipment[]) => (!found || found.status === 'NONE' ? null : found),
};

export const shipping: Service = {
  context: 'shipping',
  aggregates: [shipmentAggregate],
  commands: {
    CreateShipment: createShipment,
    StartDispatch: toShipment('StartDispatch'),
    RecordDispatch: recordDispatch,
    UpdateTracking: updateTracking,
    RecordDelivery: toShipment('RecordDelivery'),
    RecordReturn: toShipment('RecordReturn'),
    CancelShipment: toShipment('CancelShipment'),
  },
  questions: { shipmentOf },
  policies: [],
};
