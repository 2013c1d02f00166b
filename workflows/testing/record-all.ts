import { inventory } from '../../domains/inventory/service.js';
import { notifications } from '../../domains/notifications/service.js';
import { orders } from '../../domains/orders/service.js';
import { payments } from '../../domains/payments/service.js';
import { shipping } from '../../domains/shipping/service.js';
import { recordHistories } from '../../infra/temporal/testing/record-histories.js';
import { deliveryPaths } from '../notification/testing/delivery-paths.js';
import { startDeliveryWorld } from '../notification/testing/delivery-world.js';
import { sagaPaths } from '../order-fulfilment/testing/saga-paths.js';
import { startSagaWorld } from '../order-fulfilment/testing/saga-world.js';

/**
 * Records the paths of all workflows that have no history yet, or `again` all paths; gives the files.
 *
 * @throws Error where a history is missing that git knows.
 */
export const recordAll = async (root: string, again: boolean): Promise<readonly string[]> => [
  ...(await recordHistories(
    root,
    {
      folder: 'workflows/order-fulfilment/histories',
      paths: sagaPaths,
      startWorld: () => startSagaWorld([orders, payments, inventory, shipping]),
    },
    again,
  )),
  ...(await recordHistories(
    root,
    {
      folder: 'workflows/notification/histories',
      paths: deliveryPaths,
      startWorld: () => startDeliveryWorld([notifications]),
    },
    again,
  )),
];
