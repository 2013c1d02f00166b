import { shownCount } from '../format.js';
import type { Replay } from './replay-api.js';

/** Where there is no answer: while a replay runs there may be one yet. */
export const unknownOf = ({ state }: Pick<Replay, 'state'>): string =>
  state === 'running' ? 'not known yet' : 'not known';

/** Up to which position a replay counts. */
export const positionInWords = (replay: Pick<Replay, 'state' | 'position'>): string =>
  replay.position ?? (replay.state === 'done' ? 'nothing was stored by then' : unknownOf(replay));

/** How a replay differs from the view that serves. */
export const differenceInWords = (replay: Pick<Replay, 'state' | 'difference'>): string => {
  const { state, difference } = replay;
  if (difference === null) return state === 'done' ? 'not compared: no build of its version served' : unknownOf(replay);
  const { added, missing, changed } = difference;
  if (added + missing + changed === 0) return 'none';
  return `${shownCount(added)} added, ${shownCount(missing)} missing, ${shownCount(changed)} changed`;
};
