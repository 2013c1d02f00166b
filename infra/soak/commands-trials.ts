import { isDeepStrictEqual } from 'node:util';
import type { Random } from '../event-store-server/faults/random.js';
import type { Receipt } from '../service-bus/service-bus.js';
import { holders, ordersOf, wrongReservations } from './commands-checks.js';
import { newCommand, type Shop } from './commands-shop.js';

/** One thing that must hold however many processes run a context: says what is wrong, and nothing where all is right. */
export type Trial = (shop: Shop, random: Random) => Promise<readonly string[]>;

/** More orders than there are pieces want one each, all at once, an equal share of them in each process. */
export const reserveAtOnce =
  ({ orders, pieces }: Readonly<{ orders: number; pieces: number }>): Trial =>
  async (shop, random) => {
    const productId = await shop.newProduct(pieces);
    const first = random.between(0, shop.processes - 1);
    const answers = await Promise.all(
      named('order', orders).map(async (orderId, index) => {
        const reserve = newCommand('ReserveStock', { productId, orderId, quantity: 1 });
        return [orderId, isReserved(await shop.send(first + index, 'inventory', reserve))] as const;
      }),
    );
    return wrongReservations(await shop.stockOf(productId), new Map(answers), pieces);
  };

/** Orders are released before their reserve arrives, or while it does, in another process each. */
export const releaseBeforeReserve: Trial = async (shop, random) => {
  const [late, racing] = [named('late', 10), named('racing', 10)];
  const productId = await shop.newProduct(late.length + racing.length);
  const first = random.between(0, shop.processes - 1);
  const release = (orderId: string) =>
    shop.send(first, 'inventory', newCommand('ReleaseReservation', { productId, orderId }));
  const reserve = (orderId: string) =>
    shop.send(first + 1, 'inventory', newCommand('ReserveStock', { productId, orderId, quantity: 1 }));

  const answers = await Promise.all(
    late.map(async (orderId) => {
      await release(orderId);
      return isReserved(await reserve(orderId));
    }),
  );
  await Promise.all(racing.flatMap((orderId) => [release(orderId), reserve(orderId)]));

  const events = await shop.stockOf(productId);
  const everReserved = ordersOf(events, 'StockReserved').filter((orderId) => late.includes(orderId));
  return [
    ...late.filter((_, index) => answers[index]).map((orderId) => `${orderId} was told of a reservation`),
    ...everReserved.map((orderId) => `${orderId} was released, and got a reservation after that`),
    ...holders(events).map((orderId) => `${orderId} was released, and holds a reservation`),
  ];
};

/** One command arrives ten times at once, half of them in one process and half in another. */
export const sendTenTimes: Trial = async (shop, random) => {
  const productId = await shop.newProduct(1);
  const first = random.between(0, shop.processes - 1);
  const receive = newCommand('ReceiveStock', { productId, quantity: 5, reference: null });
  const receipts = await Promise.all(
    Array.from({ length: 10 }, (_, index) => shop.send(first + (index % 2), 'inventory', receive)),
  );
  const answers = receipts.map(whatCounts);
  const received = (await shop.stockOf(productId)).slice(1);
  return [
    ...answers
      .filter((answer) => !isDeepStrictEqual(answer, answers[0]))
      .map((answer) => `One command was answered ${JSON.stringify(answers[0])} and ${JSON.stringify(answer)}`),
    ...(received.length === 1 ? [] : [`One command changed its stream ${received.length} times`]),
  ];
};

/** Positions tell from where on to read, and may lie later where a process knows the event from its stream only. */
const whatCounts = ({ streamId, revision, answer }: Receipt) => ({ streamId, revision, answer });

const isReserved = ({ answer }: Receipt): boolean => (answer as Readonly<{ reserved: boolean }>).reserved;

const named = (name: string, count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => `${name}-${index + 1}`);
