import { everyAggregate } from '../../domains/contexts.js';
import { readEvents } from '../runner/read-events.js';
import type { RunningProjections } from '../runner/runner.js';
import { runViews } from '../runner/testing/run-views.js';
import { freshAs, startReadSide, type ReadSide } from '../shared/testing/read-side.js';
import { stock } from './projection.js';
import { countSoldOut, createStockQueries } from './queries.js';

let readSide: ReadSide;
let view: RunningProjections;

beforeAll(async () => {
  readSide = await startReadSide();
  view = runViews(readSide, [{ view: stock }], { read: readEvents(everyAggregate) });
});
afterAll(async () => {
  await view.stop();
  await readSide.stop();
});

const receive = (productId: string, quantity: number) =>
  readSide.append(`stock-${productId}`, { type: 'StockReceived', data: { productId, quantity, reference: null } });
const reserve = (productId: string, quantity: number) =>
  readSide.append(`stock-${productId}`, { type: 'StockReserved', data: { productId, orderId: 'o1', quantity } });

it('counts the products of which nothing is left to sell', async () => {
  await receive('mug', 10);
  await receive('pot', 2);
  await reserve('mug', 9);
  const position = await reserve('pot', 2);
  const level = await createStockQueries(readSide.postgres).byProduct('pot', freshAs('stock', position));
  expect(level?.item).toMatchObject({ onHand: 2, reserved: 2, available: 0 });
  expect(await countSoldOut(readSide.postgres)()).toBe(1);
});
