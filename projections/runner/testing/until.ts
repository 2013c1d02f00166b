import { setTimeout as delay } from 'node:timers/promises';

/** Tests only. Looks again and again until what `look` gives is wanted; the test's own limit ends it. Gives that. */
export const until = async <Seen>(look: () => Promise<Seen>, isWanted: (seen: Seen) => boolean): Promise<Seen> => {
  for (;;) {
    const seen = await look();
    if (isWanted(seen)) return seen;
    await delay(10);
  }
};
