import type { components } from './api-types.js';

type Verification = components['schemas']['Verification'];

/**
 * Milliseconds before the next look at work that the platform does in the background. Each look is an event in the record
 * of whoever looks, so they become rarer.
 *
 * @param looks how many there were.
 */
export const pauseMsAfter = (looks: number): number => Math.min(longestPauseMs, firstPauseMs * 1.5 ** looks);

const [firstPauseMs, longestPauseMs] = [200, 5_000];

/** Why a verification could not be completed, and what to do. */
export const verificationFailures: Readonly<Record<NonNullable<Verification['failure']>, string>> = {
  checkpoints_unreachable: 'The checkpoints that were published cannot be read now: verify again when they can.',
};

/** What a replay that is done lacks nevertheless; `null` where it is whole. */
export const lackOf = (parkedKeys: number | null): string | null => {
  if (parkedKeys === null || parkedKeys === 0) return null;
  const subject = parkedKeys === 1 ? '1 key lacks' : `${parkedKeys.toLocaleString('en')} keys lack`;
  return `${subject} events that could not be applied`;
};
