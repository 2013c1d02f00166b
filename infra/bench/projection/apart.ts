import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** What a process does when it is asked: one thing at a time. */
export type Works = Readonly<Record<string, (input: never) => Promise<unknown>>>;

/** A process of its own, so that its thread and its memory are its own. */
export type Apart<Offered extends Works> = Readonly<{
  /** Asks for one thing, when what was asked before is done. @throws Error with what the process says went wrong. */
  ask: <Name extends keyof Offered & string>(
    name: Name,
    input: Parameters<Offered[Name]>[0],
  ) => Promise<Awaited<ReturnType<Offered[Name]>>>;
  stop: () => Promise<void>;
}>;

type Question = Readonly<{ name: string; input: never }>;
type Answer = Readonly<{ value: unknown } | { error: string }>;

/** Starts a built module that calls `offer`; `env` are variables beside those of this process. */
export const startApart = <Offered extends Works>(
  module: URL,
  env: Readonly<Record<string, string>> = {},
): Apart<Offered> => {
  // Structured clones, since positions are bigint.
  const child = fork(fileURLToPath(module), [], {
    env: { ...process.env, ...env },
    serialization: 'advanced',
    execArgv: [],
  });
  return { ask: (name, input) => ask(child, name, input) as never, stop: () => stop(child) };
};

/** Within the process: does what it is asked for until its parent lets it go. */
export const offer = (works: Works): void => {
  const answer = async ({ name, input }: Question): Promise<Answer> => {
    try {
      return { value: await works[name]?.(input) };
    } catch (error) {
      return { error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
    }
  };
  process.on('message', (question: Question) => {
    void answer(question).then((answered) => process.send?.(answered));
  });
  process.once('disconnect', () => process.exit(0));
};

const ask = (child: ChildProcess, name: string, input: unknown): Promise<unknown> =>
  new Promise((resolve, reject) => {
    const onExit = () => reject(new Error(`The process that was asked to ${name} ended`));
    child.once('exit', onExit);
    child.once('message', (answer: Answer) => {
      child.off('exit', onExit);
      if ('error' in answer) reject(new Error(answer.error));
      else resolve(answer.value);
    });
    child.send({ name, input });
  });

const stop = async (child: ChildProcess) => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.disconnect();
  await exited;
};
