import { randomFrom } from '../../event-store-server/faults/random.js';
import type { Kills } from './kills.js';
import { planOf } from './plans.js';
import type { OrderShop } from './shop.js';
import { playStory } from './stories.js';
import type { OrderWatch } from './watch.js';

export type PlacingParts = Readonly<{
  shop: OrderShop;
  watch: OrderWatch;
  kills: Pick<Kills, 'onPlaced'>;
  orders: number;
  seed: number;
  say: (text: string) => void;
}>;

/** So many orders have something done to them at a time. */
const atOnce = 24;

/**
 * Places all orders, and does with each what its plan says; resolves when people have done all that they do. Gives the
 * answers that nobody should have got.
 *
 * @throws whatever ends the watch.
 */
export const placeAll = async ({ shop, watch, kills, orders, seed, say }: PlacingParts): Promise<readonly string[]> => {
  const wrong: string[] = [];
  let [next, placed] = [0, 0];
  const onPlaced = () => {
    placed += 1;
    say(`${placed} of ${orders} orders are placed`);
    kills.onPlaced(placed);
  };

  const play = async () => {
    for (let order = next++; order < orders; order = next++) {
      // Of an order's own: what is decided about it does not hang on which order gets on faster.
      const random = randomFrom(seed + order * 7_919);
      const plan = planOf(random, shop.productIds.length);
      const parts = { shop, watch, onPlaced, onWrong: (what: string) => void wrong.push(what) };
      await playStory(parts, plan, random.oneOf(shop.buyers));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, play));
  return wrong;
};
