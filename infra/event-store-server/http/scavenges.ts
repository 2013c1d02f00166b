import type { EventLog } from '../log/event-log.js';
import type { ScavengeProgress } from '../log/scavenge.js';

/** The scavenge that runs, or the last that ran since the start of the server. */
export type ScavengeState = ScavengeProgress &
  (Readonly<{ state: 'running' | 'done' }> | Readonly<{ state: 'failed'; reason: string }>);

/** Scavenges of a log, one at a time. */
export type Scavenges = Readonly<{
  /** Begins one; false while another runs. */
  start: () => boolean;
  current: () => ScavengeState | undefined;
}>;

export const openScavenges = (log: Pick<EventLog, 'scavenge'>): Scavenges => {
  let current: ScavengeState | undefined;
  const none = { streams: 0, of: 0, removed: 0 };

  const start = () => {
    if (current?.state === 'running') return false;
    current = { ...none, state: 'running' };
    const note = (progress: ScavengeProgress) => void (current = { ...progress, state: 'running' });
    log.scavenge(Date.now(), note).then(
      (progress) => (current = { ...progress, state: 'done' }),
      (error: unknown) => (current = { ...(current ?? none), state: 'failed', reason: (error as Error).message }),
    );
    return true;
  };

  return { start, current: () => current };
};
