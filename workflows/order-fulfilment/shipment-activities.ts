import type { ServiceBus } from '../../infra/service-bus/service-bus.js';
import type { SendCommand } from './command-sender.js';
import type { Cause, ShipmentStanding } from './fulfilment.js';
import { keyOf, type KeyedStep } from './idempotency-keys.js';
import { insisting } from './refusals.js';

export const createShipmentActivities = ({ bus, send }: Readonly<{ bus: ServiceBus; send: SendCommand }>) => {
  const shipmentOf = async ({ orderId }: Cause): Promise<ShipmentStanding> => {
    const shipment = await bus.ask('shipping', 'shipmentOf', { orderId });
    return shipment === null ? 'NONE' : (shipment as Readonly<{ status: ShipmentStanding }>).status;
  };

  const createShipment = (cause: Cause) => tell(cause, 'CreateShipment', 'create-shipment');

  /** The undo of create. Of an order that is to be undone none is created any more, however late it comes. */
  const cancelShipment = async (cause: Cause) => {
    if ((await shipmentOf(cause)) !== 'NONE') await tell(cause, 'CancelShipment', 'cancel-shipment');
  };

  const returnShipment = (cause: Cause) => tell(cause, 'RecordReturn', 'return-shipment');

  const tell = async (cause: Cause, type: string, step: KeyedStep) => {
    const { workflowId, orderId } = cause;
    await send(cause, 'shipping', { type, data: { orderId } }, keyOf(workflowId, step, 1));
  };

  return {
    shipmentOf: insisting(shipmentOf),
    createShipment: insisting(createShipment),
    cancelShipment: insisting(cancelShipment),
    returnShipment: insisting(returnShipment),
  };
};
