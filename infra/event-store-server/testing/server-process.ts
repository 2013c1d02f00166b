import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { text } from 'node:stream/consumers';

export type ServerProcess = ChildProcessByStdio<Writable, Readable, Readable>;

/** How a process ended. */
export type Outcome = Readonly<{ code: number; output: string; errors: string }>;

/** In milliseconds: then it is ended, since it should have refused, and listens. */
const longest = 60_000;
const main = join(process.cwd(), 'dist/infra/event-store-server/main.js');

/** Test-only. Runs the built command line. */
export const runMain = (...args: readonly string[]): ServerProcess => run(args);

const run = (args: readonly string[], timeout?: number) =>
  spawn(process.execPath, [main, ...args], { stdio: ['pipe', 'pipe', 'pipe'], timeout });

/** Test-only. Runs the command line to its end, which it must come to, with something on its standard input. */
export const runToEnd = async (args: readonly string[], input = ''): Promise<Outcome> => {
  const child = run(args, longest);
  child.stdin.on('error', () => undefined).end(input);
  const [exit, output, errors] = await Promise.all([once(child, 'exit'), text(child.stdout), text(child.stderr)]);
  return { code: exit[0] as number, output, errors };
};
