import { setTimeout as pause } from 'node:timers/promises';

const mostLooks = 2_000;

/**
 * What `look` gives once it gives something: looks again until then, and while it throws.
 *
 * @throws whatever the last look threw, or Error when there have been too many.
 */
export const eventually = async <Found>(look: () => Promise<Found | null | undefined | false>): Promise<Found> => {
  for (let looks = 1; ; looks += 1) {
    try {
      const found = await look();
      if (found !== null && found !== undefined && found !== false) return found;
    } catch (error) {
      if (looks === mostLooks) throw error;
    }
    if (looks === mostLooks) throw new Error('It did not come about');
    await pause(100);
  }
};
