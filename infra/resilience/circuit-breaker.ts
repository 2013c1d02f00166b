import type { Config } from '../config.js';

/** When a circuit opens and closes. */
export type BreakerRules = Readonly<{
  /** So many failures in a row open it. */
  failures: number;
  /** For so long an open one lets nothing through. */
  openMs: number;
  /** So many successes after that close it again. */
  successes: number;
}>;

export const breakerRules: BreakerRules = { failures: 5, openMs: 30_000, successes: 3 };

/** Those that hold as a process is configured. */
export const breakerRulesOf = ({ CIRCUIT_OPEN_SECONDS }: Pick<Config, 'CIRCUIT_OPEN_SECONDS'>): BreakerRules => ({
  ...breakerRules,
  openMs: CIRCUIT_OPEN_SECONDS * 1_000,
});

/**
 * Whether calls to one upstream are worth making. Every change of state begins a new `round`: what a call of an earlier
 * round comes to says nothing of this one.
 */
export type Breaker = Readonly<
  { round: number } & (
    | { state: 'closed'; failures: number }
    | { state: 'open'; until: number }
    | { state: 'half-open'; begun: number; successes: number }
  )
>;

/** The breaker of an upstream that nothing is known about. */
export const newBreaker: Breaker = { state: 'closed', round: 0, failures: 0 };

/** What a call came to: `answered` is any answer, also a refusal by a rule; `failed` says that the upstream is unwell. */
export type Outcome = 'answered' | 'failed';

/**
 * Asks for a call at `now`, in milliseconds of any clock that only goes forward. Gives the breaker after asking, and the
 * round in which the call is made; null where it must not be made.
 */
export const admit = (
  breaker: Breaker,
  now: number,
  rules: BreakerRules = breakerRules,
): Readonly<{ breaker: Breaker; round: number | null }> => {
  switch (breaker.state) {
    case 'closed':
      return { breaker, round: breaker.round };
    case 'open': {
      if (now < breaker.until) return { breaker, round: null };
      const round = breaker.round + 1;
      return { breaker: { state: 'half-open', round, begun: 1, successes: 0 }, round };
    }
    case 'half-open':
      // No more calls than it takes to close: an upstream that recovers is not to be overrun.
      return breaker.begun >= rules.successes
        ? { breaker, round: null }
        : { breaker: { ...breaker, begun: breaker.begun + 1 }, round: breaker.round };
  }
};

/** The breaker after a call that was made in `round` has come to `outcome`, at `now`. */
export const record = (
  breaker: Breaker,
  { round, outcome, now }: Readonly<{ round: number; outcome: Outcome; now: number }>,
  rules: BreakerRules = breakerRules,
): Breaker => {
  if (breaker.round !== round || breaker.state === 'open') return breaker;
  const opened: Breaker = { state: 'open', round: round + 1, until: now + rules.openMs };
  if (breaker.state === 'half-open') {
    if (outcome === 'failed') return opened;
    const successes = breaker.successes + 1;
    return successes >= rules.successes
      ? { state: 'closed', round: round + 1, failures: 0 }
      : { ...breaker, successes };
  }
  if (outcome === 'answered') return breaker.failures === 0 ? breaker : { ...breaker, failures: 0 };
  const failures = breaker.failures + 1;
  return failures >= rules.failures ? opened : { ...breaker, failures };
};
