import { DomainError } from '../shared/errors.js';
import type { Aggregate, CommandDefinition, Service } from '../shared/service.js';
import {
  parseAdjustStock,
  parseReceiveStock,
  parseReservation,
  parseReserveStock,
  type StockCommand,
} from './commands.js';
import { stockEvents, type StockEvent } from './events.js';
import { reservationOutcome, restoreStock, stock, type Stock } from './stock.js';
import { stockUpcasters } from './upcasters.js';

const stockAggregate: Aggregate<Stock, StockCommand, StockEvent> = {
  category: 'stock',
  decider: stock,
  events: stockEvents,
  upcasters: stockUpcasters,
  snapshot: { version: 1, restore: restoreStock },
};

type StockData = Readonly<{ productId: string }>;

/** A command for the stock of a product that the catalog must know; what is not sold any more may still be on hand. */
const forKnownProduct = <Data extends StockData>(
  type: StockCommand['type'],
  parse: (data: unknown) => Data,
): CommandDefinition<Data> => ({
  parse,
  changes: ({ productId }) => ({ aggregate: stockAggregate, id: productId }),
  asks: ({ productId }) => ({ isKnown: { context: 'catalog', question: 'exists', data: { productId } } }),
  steps: (data, { isKnown }) => {
    if (isKnown !== true) throw new DomainError('product.not_found', `There is no product ${data.productId}`);
    return [{ aggregate: stockAggregate, id: data.productId, command: { type, data } }];
  },
});

/** A command of the saga: the product was known when it was ordered. */
const forReservation = <Data extends StockData>(
  type: StockCommand['type'],
  parse: (data: unknown) => Data,
): CommandDefinition<Data> => ({
  parse,
  steps: (data) => [{ aggregate: stockAggregate, id: data.productId, command: { type, data } }],
});

export const inventory: Service = {
  context: 'inventory',
  aggregates: [stockAggregate],
  commands: {
    ReceiveStock: forKnownProduct('ReceiveStock', parseReceiveStock),
    AdjustStock: forKnownProduct('AdjustStock', parseAdjustStock),
    ReserveStock: {
      ...forReservation('ReserveStock', parseReserveStock),
      answer: (state: Stock, { orderId }: { orderId: string }) => reservationOutcome(state, orderId),
    },
    ReleaseReservation: forReservation('ReleaseReservation', parseReservation),
    CommitReservation: forReservation('CommitReservation', parseReservation),
    ReturnStock: forReservation('ReturnStock', parseReservation),
  },
  questions: {},
  policies: [],
};
