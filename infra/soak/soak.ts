/** How long, and by which numbers, something is put to the test. */
export type SoakOptions = Readonly<{ rounds: number; seed: number }>;

/** Puts something to the test for long, and says how far it has come. @throws Error with a report when it fails. */
export type Soak = (options: SoakOptions, say: (text: string) => void) => Promise<void>;
