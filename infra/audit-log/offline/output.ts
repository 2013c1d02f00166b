import type { Writable } from 'node:stream';

/** Writes text and a line break; resolves once they are written. @throws OutputFailed where they cannot be. */
export type Print = (text: string) => Promise<void>;

/** What was to be printed was not. */
export class OutputFailed extends Error {
  /** Whoever reads has had enough, as `head` has. */
  readonly isUnread: boolean;

  constructor(cause: NodeJS.ErrnoException) {
    super(`What was asked for cannot be printed: ${cause.message}`, { cause });
    this.isUnread = cause.code === 'EPIPE';
  }
}

/** Prints to a stream, such as the standard output. */
export const printTo = (output: Writable): Print => {
  // Each write tells of its own failure. Unheard, the stream would end the process with 1, which means a difference.
  output.on('error', () => undefined);
  return async (text) => {
    try {
      await new Promise<void>((resolve, reject) => {
        output.write(`${text}\n`, (error) => (error ? reject(error) : resolve()));
      });
    } catch (error) {
      throw new OutputFailed(error as NodeJS.ErrnoException);
    }
  };
};
