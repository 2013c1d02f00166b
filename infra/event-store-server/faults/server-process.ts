import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

/** How a server ended, and what it wrote to its standard error. */
export type Exit = Readonly<{ code: number | null; signal: NodeJS.Signals | null; errors: string }>;

/** The event store in a process of its own, as it was built. */
export type ServerProcess = Readonly<{
  /** Settles once it listens. @throws Error when it ends before. */
  url: Promise<string>;
  exited: Promise<Exit>;
  kill: (signal: NodeJS.Signals) => void;
  residentMiB: () => number;
}>;

/** What runs the server: another program than Node itself gets its command line as arguments. */
export type Launcher = Readonly<{ command: string; args: readonly string[] }>;

const main = join(process.cwd(), 'dist/infra/event-store-server/main.js');

/** Starts the server on a database file and a free port. */
export const startServerProcess = (file: string, launcher?: Launcher): ServerProcess => {
  const line = [process.execPath, main, '--db', file, '--port', '0'];
  const [command, ...args] = launcher ? [launcher.command, ...launcher.args, ...line] : line;
  const child = spawn(command as string, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const exited = Promise.all([once(child, 'close'), text(child.stderr)]).then(([[code, signal], errors]) => ({
    code: code as number | null,
    signal: signal as NodeJS.Signals | null,
    errors,
  }));
  const url = new Promise<string>((resolve, reject) => {
    child.stdout.once('data', (data: Buffer) => {
      const found = /esdb:\S+/.exec(data.toString())?.[0];
      if (found === undefined) reject(new Error(`Not the line that is expected: ${data.toString()}`));
      else resolve(found);
    });
    exited.then(({ code, errors }) => reject(new Error(`The server ended with code ${code}: ${errors}`)), reject);
  });
  // Whoever does not ask for it does not care.
  url.catch(() => undefined);
  return {
    url,
    exited,
    kill: (signal) => void child.kill(signal),
    residentMiB: () =>
      Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1] ?? 0) / 1024,
  };
};
