import type { EventStore } from '../../infra/event-store/event-store.js';
import type { RunningView } from './running-view.js';

/** Whether a view runs and has applied all that the log held when it was asked. */
export const isLive = async (running: RunningView, { hasNewer }: Pick<EventStore, 'hasNewer'>): Promise<boolean> =>
  running.state() === 'running' && !(await hasNewer(running.view.categories, running.position()));
