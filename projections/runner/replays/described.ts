import type { Replay } from '../../shared/replay.js';
import type { ReplayRecord } from './replay-records.js';

/** The table or collection that a replay lies in; its checkpoints and parked events go by it as well. */
export const replayName = (id: string): string => `replay_${id.replaceAll('-', '')}`;

/** A replay as people see it. */
export const shownReplay = ({ id, view, at, state, position, reached, outcome }: ReplayRecord): Replay => ({
  id,
  view,
  at,
  position: position === null || position < 0n ? null : String(position),
  state: state === 'dropped' ? 'failed' : state,
  progress: { done: Math.max(0, Number(reached)), total: Math.max(0, Number(position ?? 0n)) },
  rows: outcome?.rows ?? null,
  checksum: outcome?.checksum ?? null,
  parkedKeys: outcome?.parkedKeys ?? null,
  difference: outcome?.difference ?? null,
});
