import { performance } from 'node:perf_hooks';
import { DomainError, isDomainError } from '../../domains/shared/errors.js';
import type { Log } from '../logging/log.js';
import { within } from '../process/within.js';
import { admit, breakerRules, newBreaker, record, type Breaker, type BreakerRules } from './circuit-breaker.js';

/** Something that a process asks and that may be away. */
export type Upstream = Readonly<{
  /** As people know it, such as `PostgreSQL`. */
  name: string;
  /** Waits no longer for an answer; a client that ends its calls itself needs none. */
  timeoutMs?: number;
  /** Whether it is asked to change something: whoever is not answered in time must not simply ask again. */
  changes?: boolean;
  /** Whether an error of its client says that it is away; one that the client has told as such is known anyway. */
  isAway?: (error: unknown) => boolean;
  /** Whether an error says that the call waited for others of ours and was never made: that is no fault of the upstream. */
  isNotAsked?: (error: unknown) => boolean;
}>;

/**
 * Gives what `work` gives, where asking is worth while. What the upstream refuses by a rule is an answer.
 *
 * @throws DomainError `service.unavailable` where the upstream is away, was lately and is not asked, or has too many waiting
 * for it, as where it hangs; `service.timeout` where it took too long, and nobody knows what became of the call.
 */
export type Guard = <Result>(work: () => Promise<Result>) => Promise<Result>;

export type Guards = Readonly<{
  /** A guard of an upstream; all guards of one name have one circuit. */
  of: (upstream: Upstream) => Guard;
  /** How the circuits stand, by the names of their upstreams. */
  states: () => Readonly<Record<string, Breaker['state']>>;
}>;

export type GuardsSettings = Readonly<{
  log: Log;
  rules?: BreakerRules;
  /** In milliseconds; for tests. */
  now?: () => number;
}>;

/** Circuits and timeouts around what a process asks, so that one that hangs holds nobody up for long. */
export const createGuards = ({ log, rules = breakerRules, now = () => performance.now() }: GuardsSettings): Guards => {
  const breakers = new Map<string, Breaker>();

  const keep = (upstream: string, breaker: Breaker) => {
    const before = breakers.get(upstream)?.state;
    breakers.set(upstream, breaker);
    if (breaker.state === before) return;
    if (breaker.state === 'open') log.warn({ upstream }, 'does not answer; its circuit is open');
    else if (breaker.state === 'half-open') log.info({ upstream }, 'is tried again; its circuit is half open');
    else if (before !== undefined) log.info({ upstream }, 'answers again; its circuit is closed');
  };

  return {
    of: ({ name, timeoutMs, changes = false, isAway = no, isNotAsked = no }) => {
      if (!breakers.has(name)) keep(name, newBreaker);
      return async (work) => {
        const { breaker, round } = admit(breakers.get(name) ?? newBreaker, now(), rules);
        keep(name, breaker);
        if (round === null) throw circuitIsOpen(name);
        const tell = (outcome: 'answered' | 'failed') =>
          keep(name, record(breakers.get(name) ?? newBreaker, { round, outcome, now: now() }, rules));
        try {
          const answer = await (timeoutMs === undefined
            ? work()
            : inTime(timeoutMs, work(), tookTooLong(name, changes)));
          tell('answered');
          return answer;
        } catch (error) {
          const refusal = isNotAsked(error) ? overloaded(name, error) : isAway(error) ? away(name, error) : error;
          // One of the few that are to show that it is back has shown nothing.
          if (!isNotAsked(error)) tell(isFailure(refusal) ? 'failed' : 'answered');
          else if (breaker.state === 'half-open') tell('failed');
          throw refusal;
        }
      };
    },
    states: () => Object.fromEntries([...breakers].map(([name, { state }]) => [name, state])),
  };
};

/**
 * The items of a guarded upstream: each is waited for on its own, so that many may take long together. Whatever ends the
 * reading ends that of the upstream.
 */
export async function* guardedItems<Item>(guard: Guard, items: AsyncIterable<Item>): AsyncGenerator<Item> {
  let iterator: AsyncIterator<Item> | undefined;
  let isRead = false;
  try {
    for (;;) {
      // Nothing is begun that the guard does not let through.
      const next = await guard(() => (iterator ??= items[Symbol.asyncIterator]()).next());
      isRead = next.done === true;
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    // Not waited for: what does not answer may not end either, and why the reading ended is known already.
    if (!isRead) void iterator?.return?.().catch(() => undefined);
  }
}

const no = () => false;

const late = Symbol('late');

const inTime = async <Answer>(timeoutMs: number, work: Promise<Answer>, sentence: string): Promise<Answer> => {
  const answer = await within(timeoutMs, work, late);
  if (answer === late) throw new DomainError('service.timeout', sentence);
  return answer;
};

const tookTooLong = (upstream: string, changes: boolean): string =>
  changes
    ? `${upstream} took too long: it may have been done; look, or send it again under the same Idempotency-Key`
    : `${upstream} took too long; try again soon`;

/** A view that is behind answers 503 as well, but its store is well. */
const isFailure = (error: unknown): boolean =>
  isDomainError(error) && (error.code === 'service.unavailable' || error.code === 'service.timeout');

const away = (upstream: string, cause: unknown): DomainError =>
  Object.assign(new DomainError('service.unavailable', `${upstream} does not answer; try again soon`), { cause });

const overloaded = (upstream: string, cause: unknown): DomainError =>
  Object.assign(new DomainError('service.unavailable', `Too many wait for ${upstream}; try again soon`), { cause });

const circuitIsOpen = (upstream: string) =>
  new DomainError(
    'service.unavailable',
    `${upstream} did not answer lately and is not asked for a while; try again later`,
  );
