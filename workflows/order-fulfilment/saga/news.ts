import { condition, defineSignal, setHandler } from '@temporalio/workflow';
import { newsSignal, type SagaNews } from '../fulfilment.js';

/** What a saga was told and has not looked at yet. */
export type News = Readonly<{
  /** Tells of something by its type, as an event does. */
  tell: (type: string) => void;
  /** Waits until something is told, or for so many milliseconds; says whether something was. */
  wait: (ms?: number) => Promise<boolean>;
  /** The types of all that was told since it was last asked. */
  take: () => readonly string[];
}>;

/** Receives the signals of this workflow; one event is told of once. */
export const openNews = (): News => {
  const seen = new Set<string>();
  let told: string[] = [];
  setHandler(defineSignal<[SagaNews]>(newsSignal), ({ id, type }) => {
    if (seen.has(id)) return;
    seen.add(id);
    told.push(type);
  });
  const isTold = () => told.length > 0;
  return {
    tell: (type) => void told.push(type),
    wait: async (ms) => {
      if (ms !== undefined) return condition(isTold, ms);
      await condition(isTold);
      return true;
    },
    take: () => {
      const taken = told;
      told = [];
      return taken;
    },
  };
};
