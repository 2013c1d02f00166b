import type { AdjustStock, ReceiveStock } from '../../domains/inventory/commands.js';
import { DomainError } from '../../domains/shared/errors.js';
import type { Lookups } from '../../infra/security/lookups.js';
import type { ServiceBus } from '../../infra/service-bus/service-bus.js';
import type { StockQueries } from '../../projections/stock/queries.js';
import { commandAnswer, commandContext } from '../http/command-context.js';
import { foundAnswer } from '../http/conditional.js';
import { freshnessOf } from '../http/freshness.js';
import { command, query, type Route } from '../http/route.js';
import { created, found } from '../http/success.js';
import { AdjustmentAnswer, ReceiptAnswer, StockAnswer } from './answers.js';
import { NewAdjustmentDto, NewReceiptDto } from './dto.js';

export type InventoryParts = Readonly<{ bus: ServiceBus; lookups: Lookups; stock: StockQueries }>;

const access = { roles: ['staff'] } as const;

/** Stock. */
export const inventoryRoutes = ({ bus, lookups, stock }: InventoryParts): readonly Route[] => [
  query(
    'GET',
    '/inventory/:productId',
    {
      id: 'getStock',
      summary: 'The stock of a product',
      access,
      answers: found(StockAnswer),
      refuses: ['product.not_found'],
    },
    async ({ params: { productId }, headers }) => {
      const level = await stock.byProduct(productId, freshnessOf(headers));
      if (!level) throw new DomainError('product.not_found', `There is no product ${productId}`);
      return foundAnswer(level);
    },
  ),

  command(
    'POST',
    '/inventory/:productId/receipts',
    {
      id: 'receiveStock',
      summary: 'Records that pieces have arrived',
      access,
      body: NewReceiptDto,
      answers: created(ReceiptAnswer),
      refuses: ['product.not_found', 'stock.too_large'],
    },
    async (request) => {
      const { message } = await commandContext(request, lookups);
      const { quantity, reference = null } = request.body;
      const receipt = { productId: request.params.productId, quantity, reference } satisfies ReceiveStock['data'];
      return commandAnswer(await bus.send('inventory', message('ReceiveStock', receipt)), {
        status: 201,
        body: receipt,
      });
    },
  ),

  command(
    'POST',
    '/inventory/:productId/adjustments',
    {
      id: 'adjustStock',
      summary: 'Corrects the stock by so many pieces',
      access,
      body: NewAdjustmentDto,
      answers: created(AdjustmentAnswer),
      refuses: ['product.not_found', 'stock.out_of_stock', 'stock.too_large'],
    },
    async (request) => {
      const { message } = await commandContext(request, lookups);
      const { productId } = request.params;
      const { quantity, reason } = request.body;
      const adjustment: AdjustStock['data'] = { productId, delta: quantity, reason };
      const done = await bus.send('inventory', message('AdjustStock', adjustment));
      return commandAnswer(done, { status: 201, body: { productId, quantity, reason } });
    },
  ),
];
