import { setTimeout as delay } from 'node:timers/promises';
import { isDomainError } from '../../domains/shared/errors.js';
import type { StoredEvent } from '../event-store/stored-event.js';
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
export const runReactions = ({ name, reactions, graceSeconds, ...parts }: ReactionSettings): RunningRelay => {
  const relays = (['at_once', 'grace'] as const).flatMap((after) => {
    const those = reactions.filter((reaction) => reaction.after === after);
    return those.length === 0 ? [] : [runThose(`${name}/${after}`, those, after === 'grace' ? graceSeconds : 0, parts)];
  });
  return {
    isFollowing: () => relays.every((relay) => relay.isFollowing()),
    stop: async () => {
      await Promise.all(relays.map((relay) => relay.stop()));
    },
  };
};

const runThose = (
  name: string,
  reactions: readonly Reaction[],
  waitSeconds: number,
  parts: RelayParts,
): RunningRelay => {
  const tries = new Map<string, number>();

  /** A fault of ours is tried a few times, then it is left for a person: it must not stop all that comes after. */
  const triedAgain = (event: StoredEvent, error: unknown): HandedOver => {
    if (isDomainError(error) && isTransient(error) && error.code !== 'internal.error') throw error;
    const tried = (tries.get(event.id) ?? 0) + 1;
    tries.set(event.id, tried);
    if (tried < mostTries) throw error;
    tries.delete(event.id);
    parts.log.error({ err: error, eventId: event.id, stream: event.streamId }, 'a reaction failed each time');
    return { refused: isDomainError(error) ? error.code : 'internal.error' };
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
        try {
          for (const { react } of those) await react(event);
          return 'acknowledged';
        } catch (error) {
          return triedAgain(event, error);
        }
      },
    },
    parts,
  );
};
