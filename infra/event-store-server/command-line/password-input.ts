import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { Writable } from 'node:stream';
import { UnusableCredentials } from '../security/credentials.js';

/** Where a password comes from, and where it is asked for. */
export type PasswordInput = NodeJS.ReadableStream & Readonly<{ isTTY?: boolean }>;

/**
 * Reads a password: on a terminal it asks twice and shows nothing of it, elsewhere it takes the one line that comes.
 *
 * @throws UnusableCredentials when the two differ or nothing comes.
 */
export const readPassword = async (
  name: string,
  input: PasswordInput = process.stdin,
  questions: NodeJS.WritableStream = process.stderr,
): Promise<string> => {
  const password = input.isTTY === true ? await ask(name, input, questions) : await text(input);
  const line = password.replace(/\r?\n$/, '');
  if (line === '') throw new UnusableCredentials('No password was given: type it, or send it to standard input');
  return line;
};

const ask = async (name: string, input: PasswordInput, questions: NodeJS.WritableStream): Promise<string> => {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = createInterface({ input, output: nowhere, terminal: true, historySize: 0 });
  const lines = terminal[Symbol.asyncIterator]();
  const answerTo = async (question: string) => {
    questions.write(question);
    const line = await lines.next();
    questions.write('\n');
    return line.done === true ? '' : line.value;
  };
  terminal.once('SIGINT', () => terminal.close());
  try {
    const first = await answerTo(`Password for ${name}: `);
    if (first !== '' && first !== (await answerTo('Once more: ')))
      throw new UnusableCredentials('The two passwords differ: nothing was changed');
    return first;
  } finally {
    terminal.close();
  }
};
