/** How long, and by which numbers, something is put to the test. */
export type SoakOptions = Readonly<{
  rounds: number;
  seed: number;
  /** Whether figures are printed as JSON, where there are any. */
  isJson: boolean;
}>;

/**
 * Puts something to the test for long, says how far it has come, and prints what it found, where that is more than that
 * nothing is wrong. @throws Error with a report when it fails.
 */
export type Soak = (options: SoakOptions, say: (text: string) => void, print: (line: string) => void) => Promise<void>;

/** @throws Error with the first of what is wrong, where something is. */
export const failOn = (what: string, wrong: readonly string[]): void => {
  if (wrong.length === 0) return;
  const shown = wrong.slice(0, mostShown);
  const rest = wrong.length > shown.length ? `, and ${wrong.length - shown.length} more` : '';
  throw new Error(`${what}: ${shown.join('; ')}${rest}`);
};

const mostShown = 10;
