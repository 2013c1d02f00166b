import { setTimeout as delay } from 'node:timers/promises';
import { isDomainError } from '../../domains/shared/errors.js';
import type { StreamEvent } from '../event-store/stored-event.js';
import { allRelays } from '../relay/all-relays.js';
import { runRelay, type HandedOver, type RelayParts, type RunningRelay } from '../relay/relay.js';
import { isTransient } from '../service-bus/transient.js';
import type { Reaction } from './reaction.js';

/** How often one that fails by a fault of ours is tried before it is parked, so that it does not hold up the others. */
const mostTries = 5;

export type ReactionSettings = RelayParts &
  Readonly<{
    /** Whose reactions they are; the place up to which events were seen is kept under it. */
    name: string;
    reactions: readonly Reaction[];
    /** How long, in seconds, those of `grace` wait after their event. */
    graceSeconds: number;
  }>;

/**
 * Reacts to events from the log, each at least once, from where it was when it last ran. Those that are at once and
 * those that wait have a place each, so that none holds up the other.
 */
export const runReactions = ({ name, reactions, graceSeconds, ...parts }: ReactionSettings): RunningRelay =>
  allRelays(
    (['at_once', 'grace'] as const).flatMap((after) => {
      const those = reactions.filter((reaction) => reaction.after === after);
      const waitSeconds = after === 'grace' ? graceSeconds : 0;
      return those.length === 0 ? [] : [runThose(`${name}/${after}`, those, waitSeconds, parts)];
    }),
  );

const runThose = (
  name: string,
  reactions: readonly Reaction[],
  waitSeconds: number,
  parts: RelayParts,
): RunningRelay => {
  /** How often each event was tried that failed by a fault of ours, for as long as the relay holds it. */
  const tries = new WeakMap<StreamEvent, number>();

  /** A fault of ours is tried a few times, then it is left for a person: it must not stop all that comes after. */
  const triedAgain = (event: StreamEvent, failures: readonly [Failure, ...Failure[]]): HandedOver => {
    const waiting = failures.find(({ error }) => isAway(error));
    if (waiting) throw waiting.error;
    const tried = (tries.get(event) ?? 0) + 1;
    tries.set(event, tried);
    const [{ error }] = failures;
    if (tried < mostTries) throw error;
    return {
      refused: isDomainError(error) ? error.code : 'internal.error',
      reaction: failures.map(({ reaction }) => reaction).join(', '),
      cause: error,
    };
  };

  return runRelay(
    {
      name,
      categories: [...new Set(reactions.map(({ category }) => category))],
      types: [...new Set(reactions.map(({ type }) => type))],
      handOver: async (event, signal) => {
        const those = reactions.filter(({ category, type }) => category === event.category && type === event.type);
        const waitMs = event.created.getTime() + waitSeconds * 1000 - Date.now();
        if (those.length > 0 && waitMs > 0) await delay(waitMs, undefined, { signal });
        const [first, ...others] = await failuresOf(those, event);
        return first ? triedAgain(event, [first, ...others]) : 'acknowledged';
      },
    },
    parts,
  );
};

type Failure = Readonly<{ reaction: string; error: unknown }>;

/** Has all react, so that none is kept from it by another that fails. */
const failuresOf = async (reactions: readonly Reaction[], event: StreamEvent): Promise<readonly Failure[]> => {
  const ends = await Promise.all(
    reactions.map(async ({ name, react }) => {
      try {
        await react(event);
        return null;
      } catch (error) {
        return { reaction: name, error };
      }
    }),
  );
  return ends.filter((end) => end !== null);
};

/** Whether it is for a part of the platform that one has to wait, and not a fault. */
const isAway = (error: unknown): boolean =>
  isDomainError(error) && isTransient(error) && error.code !== 'internal.error';
