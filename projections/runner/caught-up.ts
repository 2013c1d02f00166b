import { EventStoreDBClient, START, streamNameFilter } from '@eventstore/db-client';
import type { Position } from '../../infra/event-store/stored-event.js';
import type { RunningView } from './running-view.js';

/** Tells how views stand to the end of the log. */
export type LogEnd = Readonly<{
  /** Whether the log holds events of the categories after a position. Throws while the event store is away. */
  hasNewer: (categories: readonly string[], after: Position | null) => Promise<boolean>;
  dispose: () => Promise<void>;
}>;

/**
 * The last event of `$all` says nothing here, since no view need read its category: the store itself is asked, by a
 * subscription, which either brings an event or says that it is at the end.
 */
export const createLogEnd = (url: string): LogEnd => {
  const client = EventStoreDBClient.connectionString(url);
  return {
    hasNewer: async (categories, after) => {
      const filter = streamNameFilter({ prefixes: categories.map((category) => `${category}-`) });
      const subscription = client.subscribeToAll({ filter, fromPosition: after ?? START });
      try {
        return await new Promise<boolean>((resolve, reject) => {
          subscription.once('data', () => resolve(true)).once('caughtUp', () => resolve(false));
          subscription.once('error', reject);
        });
      } finally {
        // What it says after it was asked to end concerns nobody.
        subscription.on('error', () => undefined);
        await subscription.unsubscribe();
      }
    },
    dispose: () => client.dispose(),
  };
};

/** Whether a view runs and has applied all that the log held when it was asked. */
export const isLive = async (running: RunningView, { hasNewer }: Pick<LogEnd, 'hasNewer'>): Promise<boolean> =>
  running.state() === 'running' && !(await hasNewer(running.view.categories, running.position()));
