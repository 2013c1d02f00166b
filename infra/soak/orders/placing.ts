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
  /** Whatever is still waited for when it is aborted is given up. */
  bound: AbortSignal;
  say: (text: string) => void;
}>;

/** So many orders have something done to them at a time. */
const atOnce = 24;

/**
 * Places all orders, and does with each what its plan says; resolves when people have done all that they do. Gives what
 * was not as it should be: answers that nobody should have got, and orders on which people waited in vain.
 */
export const placeAll = async (given: PlacingParts): Promise<readonly string[]> => {
  const { shop, watch, kills, orders, seed, bound, say } = given;
  const wrong: string[] = [];
  const isOver = () => bound.aborted;
  let [next, placed, done] = [0, 0, 0];
  const onPlaced = () => {
    placed += 1;
    kills.onPlaced(placed);
  };

  const play = async () => {
    for (let order = next++; order < orders && !isOver(); order = next++) {
      // Of an order's own: what is decided about it does not hang on which order gets on faster.
      const random = randomFrom(seed + order * 7_919);
      const plan = planOf(random, shop.productIds.length);
      const parts = { shop, watch, onPlaced, onWrong: (what: string) => void wrong.push(what) };
      try {
        await playStory(parts, plan, random.oneOf(shop.buyers));
      } catch (error) {
        if (!isOver()) throw error;
        wrong.push(`the time was over while people waited for an order: ${JSON.stringify(plan)}`);
      }
      done += 1;
      say(`${placed} of ${orders} orders are placed, with ${done} all is done that people do`);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, play));
  return wrong;
};
