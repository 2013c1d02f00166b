import type { Fulfilment, ShipmentStanding } from '../fulfilment.js';
import { undoCreateShipment } from './compensations.js';
import { heed, orderNow } from './heed.js';
import { perform, reportStepFailure } from './perform.js';
import { callAttention, changeStatus, enter, patiently, type Saga } from './saga.js';
import { orderWaits, stepOf } from './steps.js';

/** Brings a paid order to its customer. @throws TurnedBack where it is cancelled before it leaves the house. */
export const deliver = async (saga: Saga, { lines }: Fulfilment): Promise<void> => {
  for (const { productId } of lines) {
    await heed(saga);
    await perform(saga, stepOf('commit', productId), (can, cause) => can.commitStock({ cause, productId }));
  }
  await heed(saga);
  saga.compensations.push(undoCreateShipment);
  await perform(saga, stepOf('create shipment'), (can, cause) => can.createShipment(cause));
  await followShipment(saga);
};

/** Marks the order as its shipment goes along, until it has arrived. */
const followShipment = async (saga: Saga): Promise<void> => {
  for (;;) {
    const { status } = await orderNow(saga);
    // What has left the house comes back as a return.
    if (status !== 'PAID') saga.compensations.length = 0;
    if (status === 'DELIVERED' || status === 'RETURNED') return;
    const shipment = await patiently(saga, 'ask the shipment', (can, cause) => can.shipmentOf(cause));
    if (status === 'PAID' && hasLeft(shipment))
      await perform(saga, stepOf('mark shipped'), (can, cause) => can.markOrderShipped(cause));
    else if (status === 'SHIPPED' && hasArrived(shipment))
      await perform(saga, stepOf('mark delivered'), (can, cause) => can.markOrderDelivered(cause));
    else await waitFor(saga, status === 'SHIPPED' ? 'delivery' : 'dispatch');
  }
};

/** Waits for news; where there is none for too long, that is told once, until there is some. */
const waitFor = async (saga: Saga, what: 'dispatch' | 'delivery'): Promise<void> => {
  const name = `wait for ${orderWaits[what]}`;
  if (saga.step !== name) enter(saga, name);
  changeStatus(saga, `waiting_for_${what}`);
  const isOverdue = saga.needsAttention;
  if (await saga.news.wait(isOverdue ? undefined : saga.timing[`${what}Ms`])) callAttention(saga, false);
  else await reportStepFailure(saga, name, 'overdue');
};

const hasLeft = (shipment: ShipmentStanding) => shipment === 'DISPATCHED' || hasArrived(shipment);
const hasArrived = (shipment: ShipmentStanding) => shipment === 'DELIVERED' || shipment === 'RETURNED';
