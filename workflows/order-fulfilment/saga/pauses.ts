import type { Timing } from '../fulfilment.js';
import { waitsForPeople, type Manner } from './steps.js';

/** How long to wait after the failure of that number in a row; a step that is not done for days must not fill its history. */
export const pauseMs = (timing: Timing, manner: Manner, row: number): number => {
  const { attentionPauseMs, longestAttentionPauseMs, triesBeforeAttention } = timing;
  if (waitsForPeople(manner) || row < triesBeforeAttention)
    return pauseBeforeAttentionMs(timing, ((row - 1) % triesBeforeAttention) + 1);
  return Math.min(attentionPauseMs * 2 ** (row - triesBeforeAttention), longestAttentionPauseMs);
};

/** So long a step pauses in all before it needs somebody. */
export const pausesBeforeAttentionMs = (timing: Timing): number =>
  Array.from({ length: timing.triesBeforeAttention - 1 }, (_, index) =>
    pauseBeforeAttentionMs(timing, index + 1),
  ).reduce((sum, ms) => sum + ms, 0);

const pauseBeforeAttentionMs = ({ firstPauseMs, longestPauseMs }: Timing, row: number): number =>
  Math.min(firstPauseMs * 2 ** (row - 1), longestPauseMs);
