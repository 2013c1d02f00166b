import type { Engine, EngineContext, EngineName } from './engine.js';
import { eventStore } from './event-store.js';
import { jaeger } from './jaeger.js';
import { mongodb } from './mongodb.js';
import { postgres } from './postgres.js';
import { temporal } from './temporal.js';

/**
 * The engines in the order in which they are built or downloaded; all of them unless `names` says which. PostgreSQL
 * comes with MongoDB, whose substitute keeps its documents there.
 */
export const enginesOf = async (
  context: Omit<EngineContext, 'inTurn'>,
  names: readonly EngineName[] = ['event-store', 'postgres', 'mongodb', 'temporal', 'jaeger'],
): Promise<readonly Engine[]> => {
  const full = { ...context, inTurn: createQueue() };
  const engines: Engine[] = [];
  if (names.includes('event-store')) engines.push(await eventStore(full));
  if (names.includes('postgres') || names.includes('mongodb')) {
    const database = await postgres(full);
    engines.push(database);
    if (names.includes('mongodb')) engines.push(await mongodb(full, database));
  }
  if (names.includes('temporal')) engines.push(await temporal(full));
  if (names.includes('jaeger')) engines.push(await jaeger(full));
  return engines;
};

const createQueue = (): EngineContext['inTurn'] => {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const result = last.then(work);
    // The one that asked hears of a failure; the next in turn starts all the same.
    last = result.catch(() => undefined);
    return result;
  };
};
