import type { RunningRelay } from './relay.js';

/** Several relays as one. */
export const allRelays = (relays: readonly RunningRelay[]): RunningRelay => ({
  isFollowing: () => relays.every((relay) => relay.isFollowing()),
  stop: async () => {
    await Promise.all(relays.map((relay) => relay.stop()));
  },
});
