import { admit, breakerRules, newBreaker, record, type Breaker, type Outcome } from './circuit-breaker.js';

const start = 1_000;
const { openMs } = breakerRules;

/** A call that is admitted at `now` and comes to its outcome at once. */
const call = (breaker: Breaker, outcome: Outcome, now = start): Breaker => {
  const admitted = admit(breaker, now);
  if (admitted.round === null) throw new Error('The call was not admitted');
  return record(admitted.breaker, { round: admitted.round, outcome, now });
};
const calls = (breaker: Breaker, outcomes: readonly Outcome[], now = start) =>
  outcomes.reduce((before, outcome) => call(before, outcome, now), breaker);
const isAdmitted = (breaker: Breaker, now: number) => admit(breaker, now).round !== null;
const times = (count: number, outcome: Outcome) => Array.from({ length: count }, () => outcome);

const open = calls(newBreaker, times(5, 'failed'));

describe('a circuit breaker', () => {
  it('opens after five failures in a row', () => {
    expect(calls(newBreaker, times(4, 'failed')).state).toBe('closed');
    expect(open).toEqual({ state: 'open', round: 1, until: start + openMs });
  });

  it('counts anew after an answer', () => {
    const broken = calls(newBreaker, [...times(4, 'failed'), 'answered', ...times(4, 'failed')]);
    expect(broken.state).toBe('closed');
    expect(call(broken, 'failed').state).toBe('open');
  });

  it('lets nothing through for thirty seconds', () => {
    expect(isAdmitted(open, start + openMs - 1)).toBe(false);
    expect(isAdmitted(open, start + openMs)).toBe(true);
  });

  it('closes after three answers', () => {
    const later = start + openMs;
    const trying = calls(open, times(2, 'answered'), later);
    expect(trying.state).toBe('half-open');
    expect(call(trying, 'answered', later)).toEqual({ state: 'closed', round: 3, failures: 0 });
  });

  it('opens again at the first failure after that, for as long', () => {
    const later = start + openMs;
    const again = calls(open, ['answered', 'answered', 'failed'], later);
    expect(again).toEqual({ state: 'open', round: 3, until: later + openMs });
  });

  it('tries three calls at once at most', () => {
    let breaker = open;
    const rounds = [1, 2, 3, 4].map(() => {
      const admitted = admit(breaker, start + openMs);
      breaker = admitted.breaker;
      return admitted.round;
    });
    expect(rounds).toEqual([2, 2, 2, null]);
  });

  it('takes no notice of what was called in another state', () => {
    const late = { round: newBreaker.round, now: start + openMs };
    expect(record(open, { ...late, outcome: 'answered' })).toBe(open);
    const trying = call(open, 'answered', start + openMs);
    expect(record(trying, { ...late, outcome: 'failed' })).toBe(trying);
    const closed = calls(trying, times(2, 'answered'), start + openMs);
    expect(record(closed, { ...late, outcome: 'failed' })).toBe(closed);
  });
});
