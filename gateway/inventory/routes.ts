import type { AdjustStock, ReceiveStock } from '../../domains/inventory/commands.js';
import { DomainError } from '../../domains/shared/errors.js';
import type { Lookups } from '../../infra/security/lookups.js';
import type { ServiceBus } from '../../infra/service-bus/service-bus.js';
import type { StockQueries } from '../../projections/stock/queries.js';
import { commandAnswer, commandContext } from '../http/command-context.js';
import { foundAnswer } from '../http/conditional.js';
import { freshnessOf } from '../http/freshness.js';
import { route, type Route } from '../http/route.js';
import { AdjustmentDto, ReceiptDto } from './dto.js';

export type InventoryParts = Readonly<{ bus: ServiceBus; lookups: Lookups; stock: StockQueries }>;

const access = { roles: ['staff'] } as const;

/** Stock. */
export const inventoryRoutes = ({ bus, lookups, stock }: InventoryParts): readonly Route[] => [
  route('GET', '/inventory/:productId', { access }, async ({ params: { productId }, headers }) => {
    const level = await stock.byProduct(productId, freshnessOf(headers));
    if (!level) throw new DomainError('product.not_found', `There is no product ${productId}`);
    return foundAnswer(headers, level);
  }),

  route('POST', '/inventory/:productId/receipts', { access, body: ReceiptDto }, async (request) => {
    const { message } = await commandContext(request, lookups);
    const { quantity, reference = null } = request.body;
    const receipt: ReceiveStock['data'] = { productId: request.params.productId, quantity, reference };
    return commandAnswer(await bus.send('inventory', message('ReceiveStock', receipt)), { status: 201, body: receipt });
  }),

  route('POST', '/inventory/:productId/adjustments', { access, body: AdjustmentDto }, async (request) => {
    const { message } = await commandContext(request, lookups);
    const { productId } = request.params;
    const { quantity, reason } = request.body;
    const adjustment: AdjustStock['data'] = { productId, delta: quantity, reason };
    const done = await bus.send('inventory', message('AdjustStock', adjustment));
    return commandAnswer(done, { status: 201, body: { productId, quantity, reason } });
  }),
];
