import type { Print } from './output.js';

/** What comes of looking whether something is as it was; also the exit codes of what looks. */
export const outcomes = { good: 0, bad: 1, notKnown: 2 } as const;

/** Where a command says what it has found; the last code that `leave` is told is the exit code. */
export type Telling = Readonly<{ print: Print; leave: (code: number) => void }>;

/**
 * Prints what was found, and leaves with its code. Bad news stands also where it cannot be printed; good news does not,
 * for nobody has read it.
 *
 * @throws OutputFailed where it cannot be printed.
 */
export const conclude = async ({ print, leave }: Telling, text: string, code: number): Promise<void> => {
  leave(code === outcomes.good ? outcomes.notKnown : code);
  await print(text);
  leave(code);
};
