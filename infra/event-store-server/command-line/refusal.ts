/** Ends the process with code 1 and a sentence, where the work of a command fails. */
export const orRefuse =
  <Arguments extends readonly unknown[]>(work: (...given: Arguments) => Promise<void> | void) =>
  async (...given: Arguments): Promise<void> => {
    try {
      await work(...given);
    } catch (error) {
      process.stderr.write(`event store: ${error instanceof Error ? error.message : 'it failed'}\n`);
      process.exit(1);
    }
  };
