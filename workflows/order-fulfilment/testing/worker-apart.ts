import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** What the worker's process asks for, and what it is told. */
export type Asked = Readonly<{ id: number; of: 'bus' | 'provider'; call: string; given: readonly unknown[] }>;
export type Replied = Readonly<{
  id: number;
  result?: unknown;
  error?: Readonly<{ code: string | undefined; message: string }>;
}>;

/** A worker that can be killed in the middle of a step. */
export type WorkerApart = Readonly<{
  /** Starts it; resolves once it takes tasks. */
  start: () => Promise<void>;
  /** Ends it as the kernel would (SIGKILL); resolves when it is gone. */
  kill: () => Promise<void>;
  /** Pauses it (SIGSTOP); gives what lets it go on with what it was about, and ends it in order then. */
  freeze: () => Readonly<{ goOn: () => Promise<void> }>;
}>;

type Calls = Readonly<Record<string, (...given: readonly unknown[]) => Promise<unknown>>>;

/** `parts` do what it asks for, in this process. */
export const createWorkerApart = (
  { address, workflowBundlePath }: Readonly<{ address: string; workflowBundlePath: string }>,
  parts: Readonly<Record<Asked['of'], object>>,
): WorkerApart => {
  let child: ChildProcess | undefined;

  const answer = async (to: ChildProcess, { id, of, call, given }: Asked) => {
    const replied = await (parts[of] as Calls)[call]?.(...given).then(
      (result): Replied => ({ id, result }),
      (thrown: unknown): Replied => {
        const { code, message } = thrown as Error & Readonly<{ code?: string }>;
        return { id, error: { code, message } };
      },
    );
    if (replied && to.connected) to.send(replied);
  };

  return {
    start: async () => {
      const started = fork(entry, [address, workflowBundlePath], { execArgv: [] });
      child = started;
      await new Promise<void>((resolve, reject) => {
        started.once('exit', () => reject(new Error('The worker ended by itself')));
        started.on('message', (said) => (said === 'ready' ? resolve() : void answer(started, said as Asked)));
      });
    },
    kill: () => killed(child),
    freeze: () => {
      const frozen = child;
      frozen?.kill('SIGSTOP');
      return {
        goOn: async () => {
          if (!frozen) return;
          const exited = once(frozen, 'exit');
          frozen.kill('SIGCONT');
          frozen.kill('SIGTERM');
          await exited;
        },
      };
    },
  };
};

const killed = async (child: ChildProcess | undefined): Promise<void> => {
  if (!child || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
};

/** As `npm run build` makes it. */
const entry = join(import.meta.dirname, '../../../dist/workflows/order-fulfilment/testing/worker-process.js');
